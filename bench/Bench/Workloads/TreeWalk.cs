using ServiceHost.Linux;

namespace Bench.Workloads;

/// <summary>Reads directories and looks at every entry, as find -ls and git status do.</summary>
internal static class TreeWalk
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Entries of this directory, each looked at; not those below it.</summary>
    public static int Count(Fd directory) => Visit(directory, recurse: false);

    /// <summary>Entries of the whole tree below a path.</summary>
    public static int CountAll(string path)
    {
        Throw(Libc.Openat(
            Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadOnly | OpenFlags.Directory, 0, out OwnedFd directory), path);
        using (directory)
        {
            return Visit(directory, recurse: true);
        }
    }

    private static int Visit(Fd directory, bool recurse)
    {
        byte[] buffer = new byte[BufferSize];
        List<byte[]> folders = [];
        int count = 0;
        while (true)
        {
            Throw(Libc.Getdents64(directory, buffer, out int length), "getdents64");
            if (length == 0)
            {
                break;
            }

            count += Look(directory, buffer.AsSpan(0, length), folders);
        }

        if (recurse)
        {
            foreach (byte[] folder in folders)
            {
                Throw(Libc.Openat(directory, CString.FromTerminated(folder), OpenFlags.ReadOnly | OpenFlags.Directory, 0, out OwnedFd child), "openat");
                using (child)
                {
                    count += Visit(child, recurse);
                }
            }
        }

        return count;
    }

    private static int Look(Fd directory, ReadOnlySpan<byte> records, List<byte[]> folders)
    {
        int count = 0;
        DirentReader reader = new(records);
        while (reader.TryRead(out Dirent entry))
        {
            if (entry.IsDotOrDotDot)
            {
                continue;
            }

            count++;
            Throw(Libc.Statx(directory, entry.Name, AtFlags.SymlinkNoFollow, StatxMask.BasicStats, out Statx stat), "statx");

            // Not by the type of the entry: some filesystems do not tell it.
            if (stat.IsDirectory)
            {
                folders.Add(entry.Name.Terminated.ToArray());
            }
        }

        return count;
    }

    private static void Throw(Errno errno, string what)
    {
        if (errno.IsError)
        {
            throw new BenchException($"walking a tree: {what}: {errno}");
        }
    }
}
