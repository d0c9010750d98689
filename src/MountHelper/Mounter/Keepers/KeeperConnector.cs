using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Has a keeper started, by connecting to its socket. Without one the mount works all the same, by ordinary I/O, so that every reason for that
/// is a line for who asked for -v.
/// </summary>
internal static class KeeperConnector
{
    // A full backlog makes connect(2) wait.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    private static CString Address => CString.FromTerminated(KeeperAddress.TerminatedPath);

    /// <summary>The channel between server and keeper, when there is an address to have a keeper from.</summary>
    public static KeeperLink? Prepare(MountPlan plan)
    {
        Errno errno = Libc.Statx(Fd.Cwd, Address, 0, StatxMask.Type, out _);
        if (errno.IsError)
        {
            Without(plan, $"{KeeperAddress.Path}: {errno}");
            return null;
        }

        errno = SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? keepers, out SeqpacketSocket? servers);
        if (errno.IsError)
        {
            Without(plan, errno.ToString());
            return null;
        }

        // Descriptors go to the keeper, and nothing but answers comes back. ENOPROTOOPT: then the server takes none.
        _ = servers!.RefuseDescriptors();
        return new KeeperLink(keepers!, servers);
    }

    /// <summary>Afterwards the keeper has its end of the channel, or nobody has it.</summary>
    public static void Start(MountPlan plan, KeeperLink link)
    {
        using (link)
        {
            Errno errno = SeqpacketSocket.Connect(Address, SeqpacketOptions.RefuseDescriptors, Deadline.In(s_patience), out SeqpacketSocket? keeper);
            using (keeper)
            {
                PeerCredentials peer = default;
                errno = errno.IsError ? errno : keeper!.GetPeer(out peer);
                if (errno.IsOk && Rule.KeeperIsRoots.IsBrokenBy(peer.UserId != 0))
                {
                    Without(plan, $"{KeeperAddress.Path} belongs to uid {peer.UserId}, not to root [{Rule.KeeperIsRoots}]");
                    return;
                }

                errno = errno.IsError ? errno : link.Assign(keeper!, plan.Options.PassthroughFiles);
            }

            if (errno.IsOk)
            {
                plan.Say("a keeper registers files for passthrough");
            }
            else
            {
                Without(plan, $"{KeeperAddress.Path}: {errno}");
            }
        }
    }

    private static void Without(MountPlan plan, string reason) => plan.Say($"no keeper, so no passthrough: {reason}");
}
