namespace MountHelper.FuserviceMount;

/// <summary>What the command line asks for. The words are bytes: paths have no encoding.</summary>
internal sealed class Invocation
{
    public InvocationKind Kind { get; set; }

    public ServiceType? Type { get; set; }

    /// <summary>null when the filesystem has none (a single word, an empty word or "none" in its place).</summary>
    public byte[]? Source { get; set; }

    public byte[] Mountpoint { get; set; } = [];

    /// <summary>--unmount-unit: the unit of the server.</summary>
    public byte[] Unit { get; set; } = [];

    public List<byte[]> OptionLists { get; } = [];

    public bool Fake { get; set; }

    public bool NoUtab { get; set; }

    public bool Sloppy { get; set; }

    public bool Verbose { get; set; }

    public bool Lazy { get; set; }

    public bool Force { get; set; }

    /// <summary>umount -r: when it is busy, make it read-only instead.</summary>
    public bool ReadOnlyWhenBusy { get; set; }

    /// <summary>-N: a pid or the path of a mount namespace.</summary>
    public byte[]? Namespace { get; set; }
}
