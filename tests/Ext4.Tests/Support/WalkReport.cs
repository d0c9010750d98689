using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>What a walk over a whole image found.</summary>
public sealed class WalkReport
{
    public MountRefusal? Refusal { get; set; }

    /// <summary>One line per file: path, type, mode, owner, size, links, times, and hashes of contents, attributes and hole map.</summary>
    public SortedDictionary<string, FileRecord> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Every error that an operation gave, with the path it was met at.</summary>
    public List<(string Path, string Operation, Ext4Error Error)> Errors { get; } = [];

    public long BytesRead { get; set; }

    /// <summary>The walk ended before the end because one of its limits was reached.</summary>
    public bool IsCut { get; set; }
}
