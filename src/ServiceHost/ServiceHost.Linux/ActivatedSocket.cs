using System.Globalization;
using System.Text;

namespace ServiceHost.Linux;

/// <summary>
/// sd_listen_fds(3) for a program whose socket has Accept=yes: one connection, passed as descriptor 3, and who is meant by it.
/// </summary>
public static class ActivatedSocket
{
    private const int FirstDescriptor = 3;
    private const string Process = "LISTEN_PID";
    private const string Count = "LISTEN_FDS";

    /// <summary>ENOENT when this process was not started by a socket with one connection; else what is wrong with the descriptor.</summary>
    public static Errno Accept(out SeqpacketSocket? connection)
    {
        connection = null;
        bool ours = System.Environment.GetEnvironmentVariable(Process) == System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            && System.Environment.GetEnvironmentVariable(Count) == "1";
        return ours
            ? SeqpacketSocket.Adopt(OwnedFd.Take(FirstDescriptor), SeqpacketOptions.None, out connection)
            : Errno.ENOENT;
    }

    /// <summary>What a process that executes itself passes on, and all that it does: the number of the process stays the same.</summary>
    public static IReadOnlyList<byte[]> Environment() =>
    [
        .. new[] { Process, Count }
            .Select(static name => (name, value: System.Environment.GetEnvironmentVariable(name)))
            .Where(static variable => variable.value is not null)
            .Select(static variable => Encoding.UTF8.GetBytes($"{variable.name}={variable.value}")),
    ];
}
