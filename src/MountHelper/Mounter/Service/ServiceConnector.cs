using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Finds the service of a type: our own address first, libfuse's when there is no socket or nobody listens. The sockets are root's;
/// somebody else behind one of them is refused before a word is said.
/// </summary>
internal static class ServiceConnector
{
    // A full backlog makes connect(2) wait; it waits in slices so that a signal is noticed in between.
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);

    public static SeqpacketSocket Connect(MountPlan plan, Deadline deadline, out Dialect dialect)
    {
        foreach (Dialect candidate in Candidates(plan.Options.Protocol))
        {
            ServiceAddress address = new(candidate, plan.Type.Name);
            Errno errno = ConnectOne(plan, address, deadline, out SeqpacketSocket? socket);
            if (errno.IsOk)
            {
                plan.Say($"connected to {address.Path}");
                dialect = candidate;
                return socket!;
            }

            if (errno != Errno.ENOENT && errno != Errno.ECONNREFUSED)
            {
                throw new MountFailedException($"the service {address.Path}", errno, errno == Errno.ETIMEDOUT
                    ? "it does not accept connections; look at its log"
                    : null);
            }
        }

        throw NoService(plan.Type, plan.Options.Protocol);
    }

    /// <summary>--check: whether there is a socket; nothing is started by looking.</summary>
    public static bool IsPresent(ServiceType type, ServiceProtocol protocol)
    {
        foreach (Dialect candidate in Candidates(protocol))
        {
            CString path = CString.FromTerminated(new ServiceAddress(candidate, type.Name).ToTerminatedPath());
            Errno errno = Libc.Statx(Fd.Cwd, path, AtFlags.None, StatxMask.Type, out Statx status);
            if (errno.IsOk && status.FileType == ModeBits.Socket)
            {
                return true;
            }
        }

        return false;
    }

    public static MountFailedException NoService(ServiceType type, ServiceProtocol protocol)
    {
        List<string> paths = Candidates(protocol).ConvertAll(dialect => new ServiceAddress(dialect, type.Name).Path);
        string own = new ServiceAddress(Dialect.Own, type.Name).Path;
        return new MountFailedException(new MountFailure($"no service listens on {string.Join(" or ", paths)}")
        {
            Advice = $"start it with: systemctl start fuservice-{type.Name}.socket"
                + $" (without systemd: systemd-socket-activate --seqpacket --accept -l {own} PROGRAM --require=plain)",
        });
    }

    private static List<Dialect> Candidates(ServiceProtocol protocol) => protocol switch
    {
        ServiceProtocol.Own => [Dialect.Own],
        ServiceProtocol.V1 => [Dialect.V1],
        _ => [Dialect.Own, Dialect.V1],
    };

    private static Errno ConnectOne(MountPlan plan, ServiceAddress address, Deadline deadline, out SeqpacketSocket? socket)
    {
        CString path = CString.FromTerminated(address.ToTerminatedPath());
        Errno errno;
        do
        {
            StopRequest.ThrowIfPending(plan);
            TimeSpan slice = deadline.Remaining < s_slice ? deadline.Remaining : s_slice;
            errno = SeqpacketSocket.Connect(
                path, SeqpacketOptions.RefuseDescriptors | SeqpacketOptions.ReceiveCredentials, Deadline.In(slice), out socket);
        }
        while (errno == Errno.ETIMEDOUT && !deadline.HasPassed);

        return errno.IsOk ? CheckPeer(socket!, address) : errno;
    }

    private static Errno CheckPeer(SeqpacketSocket socket, ServiceAddress address)
    {
        Errno errno = socket.GetPeer(out PeerCredentials peer);
        if (errno.IsOk && Rule.ServiceSocketIsRoots.IsBrokenBy(peer.UserId != 0))
        {
            socket.Dispose();
            throw new MountFailedException(new MountFailure($"the socket {address.Path} belongs to uid {peer.UserId}, not to root")
            {
                Rule = Rule.ServiceSocketIsRoots,
                Advice = "remove it and start the service as root or by systemd",
            });
        }

        return errno;
    }
}
