using System.Globalization;
using System.Text;
using MountHelper.Grants;
using MountHelper.Mounting;
using ServiceHost.Linux;

namespace MountHelper.Attest;

/// <summary>
/// Who holds a mount: every process with a descriptor of its FUSE connection, and every process with one of its private ids, whatever
/// else the server may say. The kernel tells the connection of a descriptor since 6.18; before, the ids alone have to do.
/// </summary>
internal static class ServerProcesses
{
    public static IReadOnlyList<int> Find(MountName mount, HostIdRange range)
    {
        Errno errno = StateDirectory.List(Fd.Cwd, CString.FromTerminated("/proc\0"u8), out List<string> names);
        if (errno.IsError)
        {
            throw new MountFailedException("cannot list the processes", errno);
        }

        List<int> found = [];
        foreach (string name in names)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                && (HasIdIn(process, range) || HoldsConnection(process, mount.Connection)))
            {
                found.Add(process);
            }
        }

        return found;
    }

    private static bool HasIdIn(int process, HostIdRange range) =>
        ProcFile.Read(CString.Allocate($"/proc/{process}/status"), out byte[] status).IsOk
        && ProcFile.TryField(status, "Uid:"u8, out ReadOnlySpan<byte> uids)
        && Encoding.ASCII.GetString(uids).Split('\t').Any(text => uint.TryParse(text, CultureInfo.InvariantCulture, out uint uid) && range.Contains(uid));

    private static bool HoldsConnection(int process, uint connection)
    {
        byte[] directory = CString.Allocate($"/proc/{process}/fdinfo");
        if (StateDirectory.List(Fd.Cwd, CString.FromTerminated(directory), out List<string> numbers).IsError)
        {
            return false;
        }

        string line = string.Create(CultureInfo.InvariantCulture, $"{connection}");
        return numbers.Exists(number => FdLink.Read(process, number) == "/dev/fuse"
            && ProcFile.Read(CString.Allocate($"/proc/{process}/fdinfo/{number}"), out byte[] info).IsOk
            && ProcFile.TryField(info, "fuse_connection:"u8, out ReadOnlySpan<byte> value)
            && Encoding.ASCII.GetString(value) == line);
    }
}
