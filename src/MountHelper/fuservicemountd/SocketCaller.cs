using MountHelper.Grants;
using ServiceHost.Linux;

namespace MountHelper.FuserviceMountd;

/// <summary>Who connected, as the kernel recorded it then. Names are never looked up: a name service answers whatever it likes.</summary>
internal static class SocketCaller
{
    // More do not fit into a grant; leaving some out would give the server other rights than the caller's.
    private const int MaxGroups = ServiceHost.MountProtocol.Limits.Groups;

    public static CallerIdentity Of(SeqpacketSocket connection)
    {
        uint[] groups = [];
        Errno errno = connection.GetPeer(out PeerCredentials peer);
        errno = errno.IsError ? errno : connection.GetPeerGroups(out groups);
        if (errno.IsError)
        {
            throw new MountFailedException("cannot see who is calling", errno);
        }

        MountFailedException.ThrowIfBroken(Rule.BrokerIsForUsers, peer.UserId == 0, "root mounts without the broker",
            "run fuservicemount as root, with root's rights");
        MountFailedException.ThrowIfBroken(Rule.BrokerIsForUsers, IdPool.Contains(peer.UserId) || peer.UserId == ServerProcess.DefaultJoinerUid,
            $"uid {peer.UserId} is a server's and may not mount");
        MountFailedException.ThrowIfBroken(Rule.RequestsAreWellFormed, groups.Length > MaxGroups,
            $"uid {peer.UserId} has more than {MaxGroups} groups");
        return new CallerIdentity(peer.UserId, peer.GroupId, groups);
    }
}
