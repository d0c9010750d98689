using ServiceHost.Fuse;

namespace Servers.Passthrough;

/// <summary>A SETLKW whose caller waits.</summary>
internal sealed record LockWaiter(DeferredReply Reply, LockRequest Request);
