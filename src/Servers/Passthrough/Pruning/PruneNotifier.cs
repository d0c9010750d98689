using ServiceHost.Fuse;

namespace Servers.Passthrough;

/// <summary>NOTIFY_PRUNE: made for this; it never takes anything away that is in use.</summary>
internal sealed class PruneNotifier(FuseNotifier notifier) : IColdInodeDropper
{
    /// <summary>Protocol 7.45, Linux 6.18.</summary>
    public const uint FirstKernelMinor = 45;

    // A failure means that the connection is going away, which the session reports.
    public void Drop(ReadOnlySpan<NodeId> nodes, bool isLastResort) => _ = notifier.Prune(nodes);
}
