namespace ServiceHost.Fuse;

/// <summary>Version and limits of the kernel protocol.</summary>
public static class FuseProtocol
{
    public const uint Major = 7;

    /// <summary>The minor version that this library speaks in full.</summary>
    public const uint Minor = 45;

    /// <summary>The oldest kernel minor (Linux 3.15): since then every structure read here has the layout of today.</summary>
    public const uint OldestMinor = 23;

    /// <summary>Longest name of a component that any kernel lets through.</summary>
    public const int MaxName = 4095;

    /// <summary>The kernel takes errors up to this number in a reply.</summary>
    public const int MaxErrno = 511;

    /// <summary>XATTR_NAME_MAX.</summary>
    public const int MaxXattrName = 255;

    /// <summary>Longest target of a symbolic link, without NUL.</summary>
    public const int MaxSymlink = 4095;

    /// <summary>FUSE_INVALID_UIDGID in the header: the caller has no id that means anything in this mount.</summary>
    public const uint InvalidId = 0xFFFFFFFF;

    /// <summary>FUSE_MIN_READ_BUFFER: a device read with less room fails.</summary>
    public const int MinReadBuffer = 8192;

    /// <summary>Bytes in front of the data of a WRITE: request header and fuse_write_in.</summary>
    public const int WriteHead = 80;

    /// <summary>The kernel's max_pages without <see cref="FuseInitFlags.MaxPages"/>.</summary>
    public const int DefaultMaxPages = 32;
}
