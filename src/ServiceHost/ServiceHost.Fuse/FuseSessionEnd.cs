using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>Why <see cref="FuseSession.Run"/> returned. <paramref name="Detail"/> is a sentence for the log.</summary>
public sealed record FuseSessionEnd(FuseSessionEndReason Reason, Errno Errno, string Detail)
{
    /// <summary>The mount ended as mounts end: by umount, or because the server was told to stop.</summary>
    public bool IsClean => Reason is FuseSessionEndReason.Unmounted or FuseSessionEndReason.Stopped;
}
