namespace Servers.Ext4.Server;

/// <summary>A part of a disk, in bytes.</summary>
internal readonly record struct Partition(long Start, long Length);
