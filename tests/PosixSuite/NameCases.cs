using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

internal abstract class NameCases : PosixCalls
{
    public static IReadOnlyList<PosixCase> All { get; } =
    [
        new("a name may have 255 bytes and not 256", Length),
        new("a name is bytes and need not be UTF-8", Bytes),
        new("a tree may be 300 directories deep", Depth),
        new("a name with every byte but NUL and slash comes back", EveryByte),
    ];

    private static void Length(PosixDirectory directory)
    {
        directory.MakeFile(new string('n', 255), "x");
        RequireEqual(1ul, directory.Stat(new string('n', 255)).Size);
        Expect(Errno.ENAMETOOLONG, directory.TryOpen(new string('n', 256), OpenFlags.ReadWrite | OpenFlags.Create, out _));
        Expect(Errno.ENAMETOOLONG, directory.TryStat(new string('n', 256), out _));
    }

    private static void Bytes(PosixDirectory directory)
    {
        byte[] name = [0xFF, 0xC3, 0x28, (byte)'\n', 0x80, 0];
        Expect(Errno.None, Libc.Mkdirat(directory.Fd, CString.FromTerminated(name), 0x1ED));
        RequireEqual(Encoding.Latin1.GetString(name[..^1]), Names(directory.Fd).Single());
        Expect(Errno.None, Libc.Unlinkat(directory.Fd, CString.FromTerminated(name), AtFlags.RemoveDirectory));
    }

    private static void Depth(PosixDirectory directory)
    {
        string path = "d";
        directory.MakeDirectory(path);
        for (int i = 0; i < 299; i++)
        {
            path += "/d";
            directory.MakeDirectory(path);
        }

        directory.MakeFile(path + "/f", "deep");
        RequireEqual("deep", directory.ReadText(path + "/f"));
        using OwnedFd deepest = directory.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        RequireEqual("f", Names(deepest).Single());
    }

    private static void EveryByte(PosixDirectory directory)
    {
        byte[] name = [.. Enumerable.Range(1, 255).Select(static value => (byte)value).Where(static value => value != '/'), 0];
        Expect(Errno.None, Libc.Mkdirat(directory.Fd, CString.FromTerminated(name), 0x1ED));
        RequireEqual(Encoding.Latin1.GetString(name[..^1]), Names(directory.Fd).Single());
        Expect(Errno.None, Libc.Unlinkat(directory.Fd, CString.FromTerminated(name), AtFlags.RemoveDirectory));
    }
}
