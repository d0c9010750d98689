using System.Globalization;
using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>The ids of the pool that processes have now, from the Uid, Gid and Groups lines of /proc/PID/status.</summary>
internal static class ProcessIds
{
    internal static Errno ReadInPool(out List<uint> ids)
    {
        ids = [];
        Errno errno = StateDirectory.List(Fd.Cwd, CString.FromTerminated("/proc\0"u8), out List<string> names);
        if (errno.IsError)
        {
            return errno;
        }

        foreach (string name in names)
        {
            // A process that ends meanwhile has no ids.
            if (char.IsAsciiDigit(name[0]) && ProcFile.Read(CString.Allocate($"/proc/{name}/status"), out byte[] status).IsOk)
            {
                Collect(status, "Uid:"u8, ids);
                Collect(status, "Gid:"u8, ids);
                Collect(status, "Groups:"u8, ids);
            }
        }

        return Errno.None;
    }

    private static void Collect(ReadOnlySpan<byte> status, ReadOnlySpan<byte> key, List<uint> ids)
    {
        if (!ProcFile.TryField(status, key, out ReadOnlySpan<byte> value))
        {
            return;
        }

        foreach (string field in Encoding.ASCII.GetString(value).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (uint.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && IdPool.Contains(id))
            {
                ids.Add(id);
            }
        }
    }
}
