using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Keeper;

/// <summary>
/// The Mounter's one packet. It connects when the mount is attached and assigns at once.
/// </summary>
internal static class Assignment
{
    private const uint DefaultQuota = 65_536;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Null when there is nothing to keep: the Mounter was ended.</summary>
    public static KeptMount? Receive()
    {
        Errno errno = ActivatedSocket.Accept(out SeqpacketSocket? connection);
        if (errno.IsError)
        {
            throw new KeeperException(null, $"this program is started by its socket, with one SEQPACKET connection: {errno}");
        }

        using (connection)
        {
            errno = connection!.GetPeer(out PeerCredentials peer);
            KeeperException.ThrowIfBroken(KeeperRule.RootAssigns, errno.IsError || peer.UserId != 0, $"uid {peer.UserId} is not root");
            errno = connection.Receive(Limits.PacketBytes, KeeperAssignment.DescriptorCount, Deadline.In(s_patience), out ReceivedPacket? packet);
            if (errno == Errno.ECONNRESET)
            {
                return null;
            }

            KeeperException.ThrowIfBroken(KeeperRule.AssignmentsAreComplete, errno.IsError, $"no assignment: {errno}");
            using (packet)
            {
                return Take(packet!);
            }
        }
    }

    private static KeptMount Take(ReceivedPacket packet)
    {
        KeeperAssignment? assignment = KeeperAssignment.TryDecode(packet.Bytes);
        bool complete = assignment is not null && packet.Fds.Count == KeeperAssignment.DescriptorCount;
        KeeperException.ThrowIfBroken(KeeperRule.AssignmentsAreComplete, !complete, "the assignment is none");
        bool usable = Libc.IsFuseDevice(packet.Fds[0]) && SeqpacketSocket.IsOne(packet.Fds[1]);
        KeeperException.ThrowIfBroken(KeeperRule.AssignmentsAreComplete, !usable, "the assignment is without a FUSE device and a channel");
        return new KeptMount(packet.Fds.Take(0), packet.Fds.Take(1), assignment!.Clones, Bound(assignment.Quota));
    }

    /// <summary>
    /// A registered file is an open file that no table shows and no limit counts. The keeper could have as many open itself, and lets a
    /// server have no more.
    /// </summary>
    private static uint Bound(uint wanted)
    {
        bool limited = Libc.GetLimit(ResourceKind.OpenFiles, out ResourceLimit limit).IsOk;
        return (uint)Math.Min(wanted == 0 ? DefaultQuota : wanted, limited ? limit.Hard : DefaultQuota);
    }
}
