using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Has a keeper started, by connecting to its socket; the mount does not wait until it runs. Without one the mount works all the same, by ordinary
/// I/O, so that every reason for that is a line for who asked for -v.
/// </summary>
internal static class KeeperConnector
{
    // A full backlog makes connect(2) wait.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    public static KeeperLink? Connect(MountPlan plan)
    {
        Errno errno = SeqpacketSocket.Connect(
            CString.FromTerminated(KeeperAddress.TerminatedPath), SeqpacketOptions.RefuseDescriptors, Deadline.In(s_patience), out SeqpacketSocket? socket);
        if (errno.IsError)
        {
            return Without(plan, $"{KeeperAddress.Path}: {errno}");
        }

        errno = socket!.GetPeer(out PeerCredentials peer);
        if (errno.IsOk && !Rule.KeeperIsRoots.IsBrokenBy(peer.UserId != 0))
        {
            errno = SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? keepers, out SeqpacketSocket? servers);
            if (errno.IsOk)
            {
                // Descriptors go to the keeper, and nothing but answers comes back. ENOPROTOOPT: then the server takes none.
                _ = servers!.RefuseDescriptors();
                return new KeeperLink(socket, keepers!, servers);
            }
        }

        socket.Dispose();
        return Without(plan, errno.IsOk ? $"{KeeperAddress.Path} belongs to uid {peer.UserId}, not to root [{Rule.KeeperIsRoots}]" : errno.ToString());
    }

    private static KeeperLink? Without(MountPlan plan, string reason)
    {
        plan.Say($"no keeper, so no passthrough: {reason}");
        return null;
    }
}
