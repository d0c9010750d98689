namespace ServiceHost.Linux;

/// <summary>Flags of umount2(2).</summary>
[Flags]
public enum UnmountFlags
{
    None = 0,

    /// <summary>MNT_FORCE: a FUSE connection is aborted.</summary>
    Force = 1,

    /// <summary>MNT_DETACH: out of the tree at once, cleaned up when nobody uses it any more.</summary>
    Detach = 2,

    /// <summary>MNT_EXPIRE.</summary>
    Expire = 4,

    /// <summary>UMOUNT_NOFOLLOW: a symbolic link as last component is an error.</summary>
    NoFollow = 8,
}
