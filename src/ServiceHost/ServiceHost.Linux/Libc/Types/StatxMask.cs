namespace ServiceHost.Linux;

/// <summary>STATX_*: which fields are asked for, and in the answer which are valid.</summary>
[Flags]
public enum StatxMask : uint
{
    None = 0,

    /// <summary>STATX_TYPE.</summary>
    Type = 0x001,

    /// <summary>STATX_MODE.</summary>
    Mode = 0x002,

    /// <summary>STATX_UID.</summary>
    Uid = 0x008,

    /// <summary>STATX_GID.</summary>
    Gid = 0x010,

    /// <summary>STATX_INO.</summary>
    Ino = 0x100,

    /// <summary>STATX_SIZE.</summary>
    Size = 0x200,

    /// <summary>STATX_BASIC_STATS: all that stat(2) gives.</summary>
    BasicStats = 0x7FF,

    /// <summary>STATX_BTIME.</summary>
    BirthTime = 0x800,

    /// <summary>STATX_MNT_ID: the reusable mount id.</summary>
    MountId = 0x1000,

    /// <summary>STATX_MNT_ID_UNIQUE (6.8): the mount id that is never used again.</summary>
    UniqueMountId = 0x4000,
}
