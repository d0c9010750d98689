using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

internal abstract class FileCases : PosixCalls
{
    public static IReadOnlyList<PosixCase> All { get; } =
    [
        new("O_EXCL refuses what exists, also a dangling link", Exclusive),
        new("O_TRUNC empties the same inode", Truncate),
        new("O_DIRECTORY and O_NOFOLLOW refuse the wrong type", WrongType),
        new("appending descriptors never overwrite each other", Append),
        new("the umask takes bits from the mode", Umask),
        new("an unlinked open file lives on", Unlinked),
        new("an unnamed temporary file can be given a name", Tmpfile),
        new("a FIFO and a socket keep their type", SpecialNodes),
        new("a removed directory that is open takes no new files", RemovedDirectory),
        new("flock excludes other open files", Flock),
        new("range locks exclude other descriptions where they overlap", RangeLocks),
    ];

    private static void Exclusive(PosixDirectory directory)
    {
        const OpenFlags exclusive = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive;
        directory.MakeFile("f");
        Expect(Errno.EEXIST, directory.TryOpen("f", exclusive, out _));
        Expect(Errno.None, directory.Symlink("nowhere", "l"));
        Expect(Errno.EEXIST, directory.TryOpen("l", exclusive, out _));
        Expect(Errno.ENOENT, directory.TryStat("nowhere", out _));
        directory.Open("l", OpenFlags.ReadWrite | OpenFlags.Create).Dispose();
        Require(directory.Stat("nowhere").IsRegular);
    }

    private static void Truncate(PosixDirectory directory)
    {
        directory.MakeFile("f", "content");
        ulong ino = directory.Stat("f").Ino;
        directory.Open("f", OpenFlags.WriteOnly | OpenFlags.Truncate).Dispose();
        RequireEqual(0ul, directory.Stat("f").Size);
        RequireEqual(ino, directory.Stat("f").Ino);
    }

    private static void WrongType(PosixDirectory directory)
    {
        directory.MakeFile("f");
        Expect(Errno.None, directory.Symlink("f", "l"));
        Expect(Errno.ENOTDIR, directory.TryOpen("f", OpenFlags.Directory, out _));
        Expect(Errno.ELOOP, directory.TryOpen("l", OpenFlags.NoFollow, out _));
        directory.MakeDirectory("d");
        Expect(Errno.EISDIR, directory.TryOpen("d", OpenFlags.WriteOnly, out _));
        Expect(Errno.ENOTDIR, directory.TryStat("f/x", out _));
    }

    private static void Append(PosixDirectory directory)
    {
        using OwnedFd a = directory.Open("f", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append);
        using OwnedFd b = directory.Open("f", OpenFlags.WriteOnly | OpenFlags.Append);
        for (int i = 0; i < 5; i++)
        {
            Expect(Errno.None, Libc.Write(a, "a"u8, out _));
            Expect(Errno.None, Libc.Write(b, "b"u8, out _));
        }

        RequireEqual("ababababab", directory.ReadText("f"));
    }

    private static void Umask(PosixDirectory directory)
    {
        Libc.Umask(0x12);
        directory.Open("f", OpenFlags.ReadWrite | OpenFlags.Create, 0x1B6).Dispose();
        Expect(Errno.None, directory.Mkdir("d", 0x1FF));
        RequireEqual(0x1A4u, (uint)(directory.Stat("f").Mode & ModeBits.PermissionMask));
        RequireEqual(0x1EDu, (uint)(directory.Stat("d").Mode & ModeBits.PermissionMask));
    }

    private static void Unlinked(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f", "before");
        Expect(Errno.None, directory.Unlink("f"));
        RequireEqual(0u, Stat(file).Nlink);
        Write(file, 6, " after"u8);
        RequireEqual("before after", Encoding.UTF8.GetString(Read(file, 0, 100)));
        Expect(Errno.None, Libc.Ftruncate(file, 3));
        RequireEqual(3ul, Stat(file).Size);
        Expect(Errno.None, Libc.Fchmod(file, 0x180));
        directory.MakeFile("f", "other");
        RequireEqual("bef", Encoding.UTF8.GetString(Read(file, 0, 100)));
    }

    private static void Tmpfile(PosixDirectory directory)
    {
        using OwnedFd file = directory.Open(".", OpenFlags.TemporaryFile | OpenFlags.ReadWrite);
        RequireEqual(0u, Stat(file).Nlink);
        RequireEqual(0, Names(directory.Fd).Count);
        Write(file, 0, "late name"u8);
        byte[] self = Z($"/proc/self/fd/{file.Number}");
        Expect(
            Errno.None,
            Libc.Linkat(Fd.Cwd, CString.FromTerminated(self), directory.Fd, CString.FromTerminated("f\0"u8), AtFlags.SymlinkFollow));
        RequireEqual("late name", directory.ReadText("f"));
        RequireEqual(1u, directory.Stat("f").Nlink);
        RequireEqual(Stat(file).Ino, directory.Stat("f").Ino);
    }

    private static void SpecialNodes(PosixDirectory directory)
    {
        Expect(Errno.None, Libc.Mknodat(directory.Fd, CString.FromTerminated("p\0"u8), (uint)ModeBits.Fifo | 0x1A4, 0));
        Expect(Errno.None, Libc.Mknodat(directory.Fd, CString.FromTerminated("s\0"u8), (uint)ModeBits.Socket | 0x1A4, 0));
        RequireEqual(ModeBits.Fifo, directory.Stat("p").FileType);
        RequireEqual(ModeBits.Socket, directory.Stat("s").FileType);
        using OwnedFd reader = directory.Open("p", OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        using OwnedFd writer = directory.Open("p", OpenFlags.WriteOnly | OpenFlags.NonBlocking);
        Expect(Errno.None, Libc.Write(writer, "through"u8, out _));
        byte[] buffer = new byte[16];
        Expect(Errno.None, Libc.Read(reader, buffer, out int count));
        RequireEqual("through", Encoding.UTF8.GetString(buffer, 0, count));
    }

    private static void RemovedDirectory(PosixDirectory directory)
    {
        directory.MakeDirectory("d");
        using OwnedFd open = directory.Open("d", OpenFlags.ReadOnly | OpenFlags.Directory);
        Expect(Errno.None, directory.Rmdir("d"));
        Expect(Errno.ENOENT, Libc.Mkdirat(open, CString.FromTerminated("x\0"u8), 0x1ED));
        Expect(Errno.ENOENT, Libc.Getdents64(open, new byte[512], out _));
        RequireEqual(0u, Stat(open).Nlink);
    }

    private static void Flock(PosixDirectory directory)
    {
        using OwnedFd a = directory.CreateFile("f");
        OwnedFd b = directory.Open("f");
        Expect(Errno.None, Libc.Flock(b, FlockOperation.Exclusive));
        Expect(Errno.EAGAIN, Libc.Flock(a, FlockOperation.Shared | FlockOperation.NonBlocking));
        b.Dispose();

        // A program that another thread starts meanwhile has a copy of b until its exec.
        Require(SpinWait.SpinUntil(() => Libc.Flock(a, FlockOperation.Exclusive | FlockOperation.NonBlocking).IsOk, TimeSpan.FromMinutes(1)));
    }

    private static void RangeLocks(PosixDirectory directory)
    {
        using OwnedFd a = directory.CreateFile("f");
        using OwnedFd b = directory.Open("f");
        Expect(Errno.None, Libc.SetFileLock(a, new FileRangeLock(LockType.Write, 0, 100)));
        Expect(Errno.EAGAIN, Libc.SetFileLock(b, new FileRangeLock(LockType.Read, 50, 1)));
        Expect(Errno.None, Libc.SetFileLock(b, new FileRangeLock(LockType.Write, 100, 0)));
        FileRangeLock found = new(LockType.Write, 0, 0);
        Expect(Errno.None, Libc.GetFileLock(b, ref found));
        RequireEqual(LockType.Write, found.Type);
        Expect(Errno.None, Libc.SetFileLock(a, new FileRangeLock(LockType.Unlock, 0, 0)));
        Expect(Errno.None, Libc.SetFileLock(b, new FileRangeLock(LockType.Read, 50, 1)));
    }
}
