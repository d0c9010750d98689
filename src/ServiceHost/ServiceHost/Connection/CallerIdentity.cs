using ServiceHost.MountProtocol;

namespace ServiceHost.Connection;

/// <summary>Who typed mount and what the Mounter decided about the mount.</summary>
internal sealed record CallerIdentity(uint Uid, uint Gid, uint[] Groups, ArgumentFlags Flags);
