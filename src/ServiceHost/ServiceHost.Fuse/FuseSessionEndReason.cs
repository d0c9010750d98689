namespace ServiceHost.Fuse;

/// <summary>The ways a session ends.</summary>
public enum FuseSessionEndReason
{
    /// <summary>The kernel has unmounted the filesystem.</summary>
    Unmounted,

    /// <summary><see cref="FuseSession.Stop"/> was called.</summary>
    Stopped,

    /// <summary>Somebody aborted the connection (fusectl, umount -f), or a request went over the timeout.</summary>
    Aborted,

    /// <summary>Kernel and server did not agree on INIT; nothing was served.</summary>
    InitRefused,

    /// <summary>A worker could not start or its device failed.</summary>
    Failed,
}
