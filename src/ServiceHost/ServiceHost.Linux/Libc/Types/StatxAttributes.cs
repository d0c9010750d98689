namespace ServiceHost.Linux;

/// <summary>STATX_ATTR_*.</summary>
[Flags]
public enum StatxAttributes : ulong
{
    None = 0,

    /// <summary>STATX_ATTR_IMMUTABLE.</summary>
    Immutable = 0x10,

    /// <summary>STATX_ATTR_APPEND.</summary>
    Append = 0x20,

    /// <summary>STATX_ATTR_MOUNT_ROOT.</summary>
    MountRoot = 0x2000,
}
