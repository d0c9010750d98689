namespace ServiceHost.Linux;

/// <summary>F_RDLCK, F_WRLCK, F_UNLCK, as in struct flock and on the FUSE wire.</summary>
public enum LockType : short
{
    /// <summary>F_RDLCK.</summary>
    Read = 0,

    /// <summary>F_WRLCK.</summary>
    Write = 1,

    /// <summary>F_UNLCK.</summary>
    Unlock = 2,
}
