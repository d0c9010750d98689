namespace ServiceHost.Linux;

/// <summary>RESOLVE_* of openat2(2): what the walk along the path may not do.</summary>
[Flags]
public enum ResolveFlags : ulong
{
    None = 0,

    /// <summary>RESOLVE_NO_XDEV: no mount may be crossed.</summary>
    NoCrossMount = 0x01,

    /// <summary>RESOLVE_NO_MAGICLINKS: no link of /proc/PID/fd.</summary>
    NoMagicLinks = 0x02,

    /// <summary>RESOLVE_NO_SYMLINKS: no symbolic link anywhere, which includes magic links.</summary>
    NoSymlinks = 0x04,

    /// <summary>RESOLVE_BENEATH: the result lies below the directory; absolute paths and leaving by ".." are EXDEV.</summary>
    Beneath = 0x08,

    /// <summary>RESOLVE_IN_ROOT: the directory acts as "/".</summary>
    InRoot = 0x10,
}
