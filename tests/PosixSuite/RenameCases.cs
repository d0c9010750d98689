using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

internal abstract class RenameCases : PosixCalls
{
    public static IReadOnlyList<PosixCase> All { get; } =
    [
        new("rename replaces a file and its inode goes", ReplaceFile),
        new("rename replaces an empty directory only", ReplaceDirectory),
        new("rename refuses mixed types and its own subtree", Refusals),
        new("rename of two names of one inode does nothing", SameInode),
        new("RENAME_NOREPLACE keeps the target", NoReplace),
        new("RENAME_EXCHANGE swaps also a file and a directory", Exchange),
        new("an open file survives its replacement", OpenTarget),
        new("a moved directory finds its new parent", Parent),
    ];

    private static void ReplaceFile(PosixDirectory directory)
    {
        directory.MakeFile("a", "a");
        directory.MakeFile("b", "b");
        ulong ino = directory.Stat("a").Ino;
        Expect(Errno.None, directory.Rename("a", "b"));
        RequireEqual("a", directory.ReadText("b"));
        RequireEqual(ino, directory.Stat("b").Ino);
        Expect(Errno.ENOENT, directory.TryStat("a", out _));
        RequireEqual("b", Names(directory.Fd).Single());
    }

    private static void ReplaceDirectory(PosixDirectory directory)
    {
        directory.MakeDirectory("a");
        directory.MakeDirectory("b");
        directory.MakeFile("b/f");
        Expect(Errno.ENOTEMPTY, directory.Rename("a", "b"));
        Expect(Errno.None, directory.Unlink("b/f"));
        Expect(Errno.None, directory.Rename("a", "b"));
        Expect(Errno.ENOENT, directory.TryStat("a", out _));
    }

    private static void Refusals(PosixDirectory directory)
    {
        directory.MakeDirectory("d");
        directory.MakeFile("f");
        Expect(Errno.ENOTDIR, directory.Rename("d", "f"));
        Expect(Errno.EISDIR, directory.Rename("f", "d"));
        Expect(Errno.EINVAL, directory.Rename("d", "d/e"));
        Expect(Errno.ENOENT, directory.Rename("none", "f"));
    }

    private static void SameInode(PosixDirectory directory)
    {
        directory.MakeFile("a", "x");
        directory.Link("a", "b");
        Expect(Errno.None, directory.Rename("a", "b"));
        RequireEqual(2, Names(directory.Fd).Count);
    }

    private static void NoReplace(PosixDirectory directory)
    {
        directory.MakeFile("a", "a");
        directory.MakeFile("b", "b");
        Expect(Errno.EEXIST, directory.Rename("a", "b", RenameFlags.NoReplace));
        RequireEqual("b", directory.ReadText("b"));
        Expect(Errno.None, directory.Rename("a", "c", RenameFlags.NoReplace));
        Expect(Errno.EINVAL, directory.Rename("c", "b", RenameFlags.NoReplace | RenameFlags.Exchange));
    }

    private static void Exchange(PosixDirectory directory)
    {
        directory.MakeFile("f", "f");
        directory.MakeDirectory("d");
        directory.MakeFile("d/inside", "i");
        Expect(Errno.None, directory.Rename("f", "d", RenameFlags.Exchange));
        Require(directory.Stat("f").IsDirectory);
        RequireEqual("f", directory.ReadText("d"));
        RequireEqual("i", directory.ReadText("f/inside"));
        Expect(Errno.ENOENT, directory.Rename("f", "none", RenameFlags.Exchange));
    }

    private static void OpenTarget(PosixDirectory directory)
    {
        directory.MakeFile("new", "new");
        using OwnedFd old = directory.CreateFile("f", "old");
        Expect(Errno.None, directory.Rename("new", "f"));
        RequireEqual("old", Encoding.UTF8.GetString(Read(old, 0, 10)));
        RequireEqual(0u, Stat(old).Nlink);
        RequireEqual("new", directory.ReadText("f"));
    }

    private static void Parent(PosixDirectory directory)
    {
        directory.MakeDirectory("a");
        directory.MakeDirectory("b");
        directory.MakeDirectory("a/d");
        using OwnedFd moved = directory.Open("a/d", OpenFlags.ReadOnly | OpenFlags.Directory);
        Expect(Errno.None, directory.Rename("a/d", "b/d"));
        Expect(Errno.None, Libc.Statx(moved, CString.FromTerminated("..\0"u8), AtFlags.None, StatxMask.Ino, out Statx parent));
        RequireEqual(directory.Stat("b").Ino, parent.Ino);
    }
}
