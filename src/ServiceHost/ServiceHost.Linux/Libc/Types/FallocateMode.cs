namespace ServiceHost.Linux;

/// <summary>FALLOC_FL_*.</summary>
[Flags]
public enum FallocateMode
{
    Allocate = 0,

    /// <summary>FALLOC_FL_KEEP_SIZE.</summary>
    KeepSize = 0x01,

    /// <summary>FALLOC_FL_PUNCH_HOLE (needs KeepSize).</summary>
    PunchHole = 0x02,

    /// <summary>FALLOC_FL_COLLAPSE_RANGE.</summary>
    CollapseRange = 0x08,

    /// <summary>FALLOC_FL_ZERO_RANGE.</summary>
    ZeroRange = 0x10,

    /// <summary>FALLOC_FL_INSERT_RANGE.</summary>
    InsertRange = 0x20,
}
