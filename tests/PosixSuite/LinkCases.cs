using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

internal abstract class LinkCases : PosixCalls
{
    public static IReadOnlyList<PosixCase> All { get; } =
    [
        new("hard links are one inode", HardLinks),
        new("a directory cannot be hard-linked", LinkDirectory),
        new("a symbolic link keeps 4095 bytes exactly", LongSymlink),
        new("a hard link of a symbolic link is the link", LinkOfSymlink),
        new("a loop of symbolic links is ELOOP", Loop),
        new("unlinking one name leaves the other", UnlinkOne),
    ];

    private static void HardLinks(PosixDirectory directory)
    {
        directory.MakeFile("a", "x");
        Expect(Errno.None, directory.Link("a", "b"));
        RequireEqual(directory.Stat("a").Ino, directory.Stat("b").Ino);
        RequireEqual(2u, directory.Stat("a").Nlink);
        using OwnedFd b = directory.Open("b");
        Write(b, 0, "through b"u8);
        RequireEqual("through b", directory.ReadText("a"));
        Expect(Errno.EEXIST, directory.Link("a", "b"));
        Expect(Errno.ENOENT, directory.Link("none", "c"));
    }

    private static void LinkDirectory(PosixDirectory directory)
    {
        directory.MakeDirectory("d");
        Expect(Errno.EPERM, directory.Link("d", "e"));
    }

    private static void LongSymlink(PosixDirectory directory)
    {
        string target = new('t', 4095);
        Expect(Errno.None, directory.Symlink(target, "l"));
        byte[] buffer = new byte[8192];
        Expect(Errno.None, Libc.Readlinkat(directory.Fd, CString.FromTerminated("l\0"u8), buffer, out int length));
        RequireEqual(target, Encoding.UTF8.GetString(buffer, 0, length));
        RequireEqual(4095ul, directory.Stat("l").Size);
    }

    private static void LinkOfSymlink(PosixDirectory directory)
    {
        Expect(Errno.None, directory.Symlink("nowhere", "l"));
        Expect(Errno.None, directory.Link("l", "m"));
        RequireEqual(ModeBits.SymbolicLink, directory.Stat("m").FileType);
        RequireEqual(directory.Stat("l").Ino, directory.Stat("m").Ino);
    }

    private static void Loop(PosixDirectory directory)
    {
        Expect(Errno.None, directory.Symlink("b", "a"));
        Expect(Errno.None, directory.Symlink("a", "b"));
        Expect(Errno.ELOOP, directory.TryOpen("a", OpenFlags.ReadOnly, out _));
    }

    private static void UnlinkOne(PosixDirectory directory)
    {
        directory.MakeFile("a", "x");
        directory.Link("a", "b");
        Expect(Errno.None, directory.Unlink("a"));
        RequireEqual(1u, directory.Stat("b").Nlink);
        RequireEqual("x", directory.ReadText("b"));
        Expect(Errno.ENOENT, directory.Unlink("a"));
    }
}
