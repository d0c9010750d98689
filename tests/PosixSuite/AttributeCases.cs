using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

internal abstract class AttributeCases : PosixCalls
{
    public static IReadOnlyList<PosixCase> All { get; } =
    [
        new("chmod sets exactly the bits", Chmod),
        new("times are kept to the nanosecond, and one can be left alone", Times),
        new("writing moves mtime, chmod moves ctime only", Clocks),
        new("a file knows its birth", Birth),
        new("a directory counts its subdirectories", DirectoryLinks),
        new("user attributes are set, listed, replaced and removed", Xattrs),
        new("the size is the same through every descriptor", Size),
        new("statfs tells sensible numbers", Statfs),
    ];

    private static void Chmod(PosixDirectory directory)
    {
        directory.MakeFile("f");
        foreach (uint mode in new[] { 0u, 0x1FFu, 0x1A4u, 0x124u })
        {
            Expect(Errno.None, Libc.Fchmodat(directory.Fd, CString.FromTerminated("f\0"u8), mode));
            RequireEqual(mode, (uint)(directory.Stat("f").Mode & ModeBits.PermissionMask));
        }

        directory.MakeDirectory("d");
        Expect(Errno.None, Libc.Fchmodat(directory.Fd, CString.FromTerminated("d\0"u8), 0x7ED));
        RequireEqual(0x7EDu, (uint)(directory.Stat("d").Mode & ModeBits.PermissionMask));
    }

    private static void Times(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f");
        Expect(Errno.None, Libc.Utimens(file, new Timespec(1_000_000_000, 123_456_789), new Timespec(-5, 1)));
        Statx stat = directory.Stat("f");
        RequireEqual((1_000_000_000, 123_456_789u), (stat.AccessTime.Seconds, stat.AccessTime.Nanoseconds));
        RequireEqual((-5L, 1u), (stat.ModifyTime.Seconds, stat.ModifyTime.Nanoseconds));
        Expect(Errno.None, Libc.Utimens(file, Timespec.Omit, new Timespec(7, 7)));
        RequireEqual(1_000_000_000, directory.Stat("f").AccessTime.Seconds);
        Expect(Errno.None, Libc.Utimens(file, Timespec.Now, Timespec.Omit));
        Require(directory.Stat("f").AccessTime.Seconds > 1_700_000_000);
        RequireEqual(7L, directory.Stat("f").ModifyTime.Seconds);
    }

    private static void Clocks(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f", "x");
        Expect(Errno.None, Libc.Utimens(file, Timespec.Omit, new Timespec(7, 7)));
        (long, uint) before = ChangeTime(file);
        Thread.Sleep(20);
        Expect(Errno.None, Libc.Fchmod(file, 0x180));
        RequireEqual(7L, Stat(file).ModifyTime.Seconds);
        Require(ChangeTime(file).CompareTo(before) > 0);
        Write(file, 0, "y"u8);
        Require(Stat(file).ModifyTime.Seconds > 7);
    }

    private static void Birth(PosixDirectory directory)
    {
        using OwnedFd file = directory.CreateFile("f", "x");
        Statx stat = Stat(file);
        Require(stat.Mask.HasFlag(StatxMask.BirthTime));
        Require(Math.Abs(stat.BirthTime.Seconds - stat.ModifyTime.Seconds) < 10);
        Expect(Errno.None, Libc.Utimens(file, new Timespec(7, 0), new Timespec(7, 0)));
        RequireEqual(stat.BirthTime.Seconds, Stat(file).BirthTime.Seconds);
    }

    private static void DirectoryLinks(PosixDirectory directory)
    {
        directory.MakeDirectory("d");
        RequireEqual(2u, directory.Stat("d").Nlink);
        directory.MakeDirectory("d/e");
        RequireEqual(3u, directory.Stat("d").Nlink);
        directory.Rmdir("d/e");
        RequireEqual(2u, directory.Stat("d").Nlink);
    }

    private static void Xattrs(PosixDirectory directory)
    {
        directory.MakeFile("f");
        byte[] path = Z(directory.Path + "/f");
        CString file = CString.FromTerminated(path);
        CString name = CString.FromTerminated("user.name\0"u8);
        byte[] buffer = new byte[64];
        Expect(Errno.ENODATA, Libc.Getxattr(file, name, buffer, out _));
        Expect(Errno.None, Libc.Setxattr(file, name, "one"u8, XattrFlags.Create));
        Expect(Errno.EEXIST, Libc.Setxattr(file, name, "two"u8, XattrFlags.Create));
        Expect(Errno.None, Libc.Setxattr(file, name, "two"u8, XattrFlags.Replace));
        Expect(Errno.None, Libc.Getxattr(file, name, buffer, out int size));
        RequireEqual("two", Encoding.UTF8.GetString(buffer, 0, size));
        Expect(Errno.ERANGE, Libc.Getxattr(file, name, buffer.AsSpan(0, 2), out _));
        Expect(Errno.None, Libc.Listxattr(file, buffer, out size));
        RequireEqual("user.name\0", Encoding.UTF8.GetString(buffer, 0, size));
        Expect(Errno.None, Libc.Removexattr(file, name));
        Expect(Errno.ENODATA, Libc.Removexattr(file, name));
    }

    private static void Size(PosixDirectory directory)
    {
        using OwnedFd a = directory.CreateFile("f");
        using OwnedFd b = directory.Open("f", OpenFlags.ReadOnly);
        Write(a, 10_000, "x"u8);
        RequireEqual(10_001ul, Stat(b).Size);
        RequireEqual(10_001ul, directory.Stat("f").Size);
        Expect(Errno.EINVAL, Libc.Ftruncate(b, 0));
    }

    private static void Statfs(PosixDirectory directory)
    {
        Expect(Errno.None, Libc.Fstatfs(directory.Fd, out StatfsBuffer space));
        Require(space.Blocks >= space.BlocksFree);
        Require(space.BlocksFree >= space.BlocksAvailable);
        RequireEqual(255L, space.NameLength);
    }

    private static (long Seconds, uint Nanoseconds) ChangeTime(Fd file)
    {
        Statx stat = Stat(file);
        return (stat.ChangeTime.Seconds, stat.ChangeTime.Nanoseconds);
    }
}
