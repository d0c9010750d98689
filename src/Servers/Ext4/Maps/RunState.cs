namespace Servers.Ext4;

/// <summary>What stands behind a range of a file.</summary>
public enum RunState
{
    /// <summary>No blocks: reads as zero.</summary>
    Hole,

    /// <summary>Blocks that were reserved but never written: reads as zero.</summary>
    Unwritten,

    Mapped,
}
