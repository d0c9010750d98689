using System.Globalization;
using ServiceHost.Linux;

namespace PosixSuite;

internal abstract class DirectoryCases : PosixCalls
{
    public static IReadOnlyList<PosixCase> All { get; } =
    [
        new("3000 entries are listed once each, with small buffers too", Many),
        new("files removed while listing do not hide others", RemoveWhileListing),
        new("rewinding sees new entries", Rewind),
        new("rmdir refuses what is not empty or not a directory", Rmdir),
        new("listed inode numbers and types are those of stat", InodeNumbers),
    ];

    private static void Many(PosixDirectory directory)
    {
        HashSet<string> expected = [];
        for (int i = 0; i < 3000; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture) + new string('-', i % 100);
            directory.MakeFile(name);
            expected.Add(name);
        }

        foreach (int size in new[] { 512, 4096, 1 << 20 })
        {
            List<string> names = Names(directory.Fd, size);
            RequireEqual(3000, names.Count);
            Require(expected.SetEquals(names));
        }
    }

    private static void RemoveWhileListing(PosixDirectory directory)
    {
        for (int i = 0; i < 1000; i++)
        {
            directory.MakeFile($"f{i}");
        }

        byte[] buffer = new byte[1024];
        using OwnedFd listing = directory.Open(".", OpenFlags.ReadOnly | OpenFlags.Directory);
        HashSet<string> removed = [];
        while (true)
        {
            Expect(Errno.None, Libc.Getdents64(listing, buffer, out int count));
            if (count == 0)
            {
                break;
            }

            DirentReader reader = new(buffer.AsSpan(0, count));
            while (reader.TryRead(out Dirent entry))
            {
                if (!entry.IsDotOrDotDot)
                {
                    Require(removed.Add(entry.Name.ToString()));
                    Expect(Errno.None, Libc.Unlinkat(directory.Fd, entry.Name, AtFlags.None));
                }
            }
        }

        RequireEqual(1000, removed.Count);
        RequireEqual(0, Names(directory.Fd).Count);
    }

    private static void Rewind(PosixDirectory directory)
    {
        directory.MakeFile("a");
        using OwnedFd listing = directory.Open(".", OpenFlags.ReadOnly | OpenFlags.Directory);
        RequireEqual(1, Names(listing).Count);
        directory.MakeFile("b");
        RequireEqual(2, Names(listing).Count);
        directory.Unlink("a");
        RequireEqual("b", Names(listing).Single());
    }

    private static void Rmdir(PosixDirectory directory)
    {
        directory.MakeDirectory("d");
        directory.MakeFile("d/f");
        Expect(Errno.ENOTEMPTY, directory.Rmdir("d"));
        Expect(Errno.ENOTDIR, directory.Rmdir("d/f"));
        Expect(Errno.EISDIR, directory.Unlink("d"));
        Expect(Errno.None, directory.Unlink("d/f"));
        Expect(Errno.None, directory.Rmdir("d"));
        Expect(Errno.ENOENT, directory.Rmdir("d"));
        Expect(Errno.EEXIST, directory.Mkdir("."));
    }

    private static void InodeNumbers(PosixDirectory directory)
    {
        directory.MakeFile("f");
        directory.MakeDirectory("d");
        directory.Symlink("f", "l");
        byte[] buffer = new byte[4096];
        using OwnedFd listing = directory.Open(".", OpenFlags.ReadOnly | OpenFlags.Directory);
        Expect(Errno.None, Libc.Getdents64(listing, buffer, out int count));
        DirentReader reader = new(buffer.AsSpan(0, count));
        int seen = 0;
        while (reader.TryRead(out Dirent entry))
        {
            Statx stat = directory.Stat(entry.Name.ToString());
            if (entry.Name.ToString() != "..")
            {
                RequireEqual(stat.Ino, entry.Ino, $"d_ino of {entry.Name.ToString()}");
                seen++;
            }

            RequireEqual((uint)stat.FileType >> 12, (uint)entry.Type, $"d_type of {entry.Name.ToString()}");
        }

        RequireEqual(4, seen);
    }
}
