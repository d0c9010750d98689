namespace ServiceHost.Fuse.Tests.Wire;

public sealed partial class DispatcherTests
{
    private const string Extensions = """
        20 00 00 00             | record size 32 (30 used bytes are padded)
        01 00 00 00             | one security context
        03 00 00 00 00 00 00 00 | label of 3 bytes
        73 65 63 2E 61 00       | "sec.a"
        6C 62 6C                | "lbl"
        00 00 00 00 00 00 00    | padding
        10 00 00 00             | record size 16
        20 00 00 00             | type GROUPS
        01 00 00 00             | one group
        2A 00 00 00             | 42

        """;

    private const int ExtensionSize = 48;

    [Fact]
    public void Lookup() => Exchange(
        FuseOpcode.Lookup, "61 00 | \"a\"", "Lookup n51 a u1000 g1001 p4711 #1122", ReplyBytes.Entry);

    [Fact]
    public void Forget() => ExchangeWithoutReply(FuseOpcode.Forget, "05 00 00 00 00 00 00 00 | nlookup", "Forget n51 5");

    [Fact]
    public void Batch_forget() => ExchangeWithoutReply(
        FuseOpcode.BatchForget,
        """
        02 00 00 00             | count
        00 00 00 00             | dummy
        0A 00 00 00 00 00 00 00 | nodeid
        01 00 00 00 00 00 00 00 | nlookup
        0B 00 00 00 00 00 00 00 | nodeid
        03 00 00 00 00 00 00 00 | nlookup
        """,
        "Forget n10 1",
        "Forget n11 3");

    [Fact]
    public void Readlink() => Exchange(FuseOpcode.Readlink, "", "Readlink n51 4095", "74 6F 2F 74 68 65 72 65 | \"to/there\"");

    [Fact]
    public void Symlink_with_label_and_group() => Exchange(
        FuseOpcode.Symlink,
        """
        6C 00       | "l"
        2E 2E 2F 74 00 | "../t"

        """ + Extensions,
        "Symlink n51 l -> ../t group=42 sec.a=lbl",
        ReplyBytes.Entry,
        ExtensionSize);

    [Fact]
    public void Mknod_with_label_and_group() => Exchange(
        FuseOpcode.Mknod,
        """
        A4 21 00 00 | mode
        03 01 00 00 | rdev
        12 00 00 00 | umask
        00 00 00 00 | padding
        64 00       | "d"

        """ + Extensions,
        "Mknod n51 d mode=21a4 rdev=103 umask=12 group=42 sec.a=lbl",
        ReplyBytes.Entry,
        ExtensionSize);

    [Fact]
    public void Mkdir_with_label_and_group() => Exchange(
        FuseOpcode.Mkdir,
        """
        ED 01 00 00 | mode
        12 00 00 00 | umask
        64 00       | "d"

        """ + Extensions,
        "Mkdir n51 d mode=1ed umask=12 group=42 sec.a=lbl",
        ReplyBytes.Entry,
        ExtensionSize);

    [Fact]
    public void Create_with_label_and_group() => Exchange(
        FuseOpcode.Create,
        """
        42 00 00 00 | flags O_CREAT O_RDWR
        A4 81 00 00 | mode
        12 00 00 00 | umask
        00 00 00 00 | open_flags
        66 00       | "f"

        """ + Extensions,
        "Create n51 f flags=42 mode=81a4 umask=12 group=42 sec.a=lbl",
        ReplyBytes.Entry + ReplyBytes.Open,
        ExtensionSize);

    [Fact]
    public void Tmpfile_with_label_and_group() => Exchange(
        FuseOpcode.Tmpfile,
        """
        02 00 41 00 | flags O_TMPFILE O_RDWR
        A4 81 00 00 | mode
        12 00 00 00 | umask
        00 00 00 00 | open_flags
        2F 00       | a placeholder, not a name

        """ + Extensions,
        "Tmpfile n51 flags=410002 mode=81a4 group=42 sec.a=lbl",
        ReplyBytes.Entry + ReplyBytes.Open,
        ExtensionSize);

    [Fact]
    public void Unlink() => Exchange(FuseOpcode.Unlink, "61 00 | \"a\"", "Unlink n51 a", "");

    [Fact]
    public void Rmdir() => Exchange(FuseOpcode.Rmdir, "61 00 | \"a\"", "Rmdir n51 a", "");

    [Fact]
    public void Rename() => Exchange(
        FuseOpcode.Rename,
        """
        44 00 00 00 00 00 00 00 | newdir
        61 00                   | "a"
        62 00                   | "b"
        """,
        "Rename n51 a -> n68 b flags=0",
        "");

    [Fact]
    public void Rename2() => Exchange(
        FuseOpcode.Rename2,
        """
        44 00 00 00 00 00 00 00 | newdir
        02 00 00 00             | flags EXCHANGE
        00 00 00 00             | padding
        61 00                   | "a"
        62 00                   | "b"
        """,
        "Rename n51 a -> n68 b flags=2",
        "");

    [Fact]
    public void Link() => Exchange(
        FuseOpcode.Link,
        """
        44 00 00 00 00 00 00 00 | oldnodeid
        61 00                   | "a"
        """,
        "Link n68 -> n51 a",
        ReplyBytes.Entry);
}
