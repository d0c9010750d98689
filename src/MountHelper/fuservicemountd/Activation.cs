using System.Globalization;
using ServiceHost.Linux;

namespace MountHelper.FuserviceMountd;

/// <summary>The one connection that a socket unit with Accept=yes passes as descriptor 3 (sd_listen_fds(3)).</summary>
internal static class Activation
{
    private const int FirstDescriptor = 3;

    public static SeqpacketSocket Accept()
    {
        bool ours = Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            && Environment.GetEnvironmentVariable("LISTEN_FDS") == "1";
        if (!ours)
        {
            throw OptionError.Because(null, "this program is started by its socket, with one connection",
                "enable fuservicemountd.socket (without systemd: systemd-socket-activate --seqpacket --accept -l /run/fuservice/mountd PROGRAM)");
        }

        Errno errno = SeqpacketSocket.Adopt(OwnedFd.Take(FirstDescriptor), SeqpacketOptions.None, out SeqpacketSocket? connection);
        return errno.IsOk ? connection! : throw new MountFailedException("descriptor 3 is no connection of a ListenSequentialPacket= socket", errno);
    }
}
