namespace Servers.Ext4;

/// <summary>statfs(2), in units of <see cref="BlockSize"/>.</summary>
public readonly record struct VolumeStatistics(
    uint BlockSize, ulong Blocks, ulong FreeBlocks, ulong AvailableBlocks, ulong Files, ulong FreeFiles, ulong FileSystemId, uint MaximumName);
