using System.Text;

namespace ServiceHost.Linux;

/// <summary>The files that the running program was loaded from: itself, the dynamic loader, the C library.</summary>
public static class LoadedLibraries
{
    /// <summary>O_PATH descriptors of them, which the caller disposes. A file that was replaced on disk is not among them.</summary>
    public static Errno Open(out List<OwnedFd> files)
    {
        files = [];
        Errno errno = ProcFile.Read("/proc/self/maps\0"u8, out byte[] maps);
        if (errno.IsError)
        {
            return errno;
        }

        foreach (string path in PathsIn(Encoding.UTF8.GetString(maps)))
        {
            byte[] name = CString.Allocate(path);
            if (Libc.Openat(Fd.Cwd, CString.FromTerminated(name), OpenFlags.Path | OpenFlags.NoFollow, 0, out OwnedFd file).IsOk)
            {
                files.Add(file);
            }
        }

        return Errno.None;
    }

    // "address perms offset dev inode   path", and what is executable is a program or a library.
    internal static IEnumerable<string> PathsIn(string maps) =>
        maps.Split('\n')
            .Select(static line => (Fields: line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries), Line: line))
            .Where(static entry => entry.Fields.Length == 6 && entry.Fields[1].Contains('x', StringComparison.Ordinal) && entry.Fields[5][0] == '/')
            .Select(static entry => entry.Fields[5])
            .Distinct();
}
