using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>What the library shows of one file.</summary>
public sealed record FileRecord(
    uint Ino, ushort Mode, uint Uid, uint Gid, long Size, ushort Links, ulong Sectors, Timestamp Mtime, Timestamp Ctime, Timestamp Atime,
    string Content, string Attributes, string HoleMap, string Target, uint Rdev);
