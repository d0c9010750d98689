namespace ServiceHost.Fuse.Tests.Wire;

public sealed partial class DispatcherTests
{
    [Fact]
    public void Getattr_of_a_node() => Exchange(
        FuseOpcode.Getattr,
        """
        00 00 00 00             | getattr_flags
        00 00 00 00             | dummy
        05 00 00 00 00 00 00 00 | fh, which does not count
        """,
        "Getattr n51 fh=",
        ReplyBytes.AttrOut);

    [Fact]
    public void Getattr_of_an_open_file() => Exchange(
        FuseOpcode.Getattr,
        """
        01 00 00 00             | getattr_flags FH
        00 00 00 00             | dummy
        05 00 00 00 00 00 00 00 | fh
        """,
        "Getattr n51 fh=5",
        ReplyBytes.AttrOut);

    [Fact]
    public void Statx() => Exchange(
        FuseOpcode.Statx,
        """
        01 00 00 00             | getattr_flags FH
        00 00 00 00             | reserved
        05 00 00 00 00 00 00 00 | fh
        00 00 00 00             | sx_flags
        FF 0F 00 00             | sx_mask BASIC_STATS BTIME
        """,
        "Statx n51 fh=5 flags=0 mask=fff",
        $"""
        22 00 00 00 00 00 00 00 | attr_valid
        00 00 00 00             | attr_valid_nsec
        00 00 00 00             | flags
        {Zeros(16)}             | spare
        FF 0F 00 00             | stat.mask
        {Zeros(28)}             | blksize .. __spare0
        01 01 00 00 00 00 00 00 | stat.ino
        {Zeros(216)}            | the rest
        """);

    [Fact]
    public void Setattr() => Exchange(
        FuseOpcode.Setattr,
        """
        0F 00 00 00             | valid MODE UID GID SIZE
        00 00 00 00             | padding
        05 00 00 00 00 00 00 00 | fh
        06 00 00 00 00 00 00 00 | size
        0A 00 00 00 00 00 00 00 | lock_owner
        01 00 00 00 00 00 00 00 | atime
        02 00 00 00 00 00 00 00 | mtime
        03 00 00 00 00 00 00 00 | ctime
        04 00 00 00             | atimensec
        05 00 00 00             | mtimensec
        06 00 00 00             | ctimensec
        A4 01 00 00             | mode
        00 00 00 00             | unused4
        07 00 00 00             | uid
        08 00 00 00             | gid
        00 00 00 00             | unused5
        """,
        "Setattr n51 valid=f fh=5 size=6 owner=a times=1,2,3 nsec=4,5,6 mode=1a4 uid=7 gid=8",
        ReplyBytes.AttrOut);

    [Fact]
    public void Access() => Exchange(FuseOpcode.Access, "04 00 00 00 00 00 00 00 | mask, padding", "Access n51 4", "");

    [Fact]
    public void Statfs() => Exchange(
        FuseOpcode.Statfs,
        "",
        "Statfs n51",
        $"""
        01 00 00 00 00 00 00 00 | blocks
        02 00 00 00 00 00 00 00 | bfree
        03 00 00 00 00 00 00 00 | bavail
        04 00 00 00 00 00 00 00 | files
        05 00 00 00 00 00 00 00 | ffree
        06 00 00 00             | bsize
        07 00 00 00             | namelen
        08 00 00 00             | frsize
        00 00 00 00             | padding
        {Zeros(24)}             | spare
        """);

    [Fact]
    public void Setxattr_in_the_form_of_16_bytes() => Exchange(
        FuseOpcode.Setxattr,
        """
        03 00 00 00             | size
        01 00 00 00             | flags XATTR_CREATE
        01 00 00 00             | setxattr_flags ACL_KILL_SGID
        00 00 00 00             | padding
        75 2E 61 00             | "u.a"
        76 61 6C                | "val"
        """,
        "Setxattr n51 u.a=val flags=1 extra=1",
        "");

    [Fact]
    public void Setxattr_in_the_form_of_8_bytes()
    {
        EchoFileSystem fileSystem = new();
        DispatcherHarness harness = new(fileSystem);
        byte[] reply = harness.Send(Packet.Request(FuseOpcode.Setxattr, Annotated.Bytes("""
            03 00 00 00             | size
            02 00 00 00             | flags XATTR_REPLACE
            75 2E 61 00             | "u.a"
            76 61 6C                | "val"
            """)));
        Assert.Equal("Setxattr n51 u.a=val flags=2 extra=0", fileSystem.Last);
        Assert.Equal(16, reply.Length);
    }

    [Fact]
    public void Getxattr_of_a_value() => Exchange(
        FuseOpcode.Getxattr,
        """
        40 00 00 00 00 00 00 00 | size, padding
        75 2E 61 00             | "u.a"
        """,
        "Getxattr n51 u.a room=64",
        "76 61 6C 75 65          | \"value\"");

    [Fact]
    public void Getxattr_of_a_size() => Exchange(
        FuseOpcode.Getxattr,
        """
        00 00 00 00 00 00 00 00 | size, padding
        75 2E 61 00             | "u.a"
        """,
        "Getxattr n51 u.a room=0",
        "05 00 00 00 00 00 00 00 | size, padding");

    [Fact]
    public void Listxattr_of_names() => Exchange(
        FuseOpcode.Listxattr, "07 00 00 00 00 00 00 00 | size, padding", "Listxattr n51 room=7", "75 73 65 72 2E 61 00 | \"user.a\"");

    [Fact]
    public void Listxattr_of_a_size() => Exchange(
        FuseOpcode.Listxattr, "00 00 00 00 00 00 00 00 | size, padding", "Listxattr n51 room=0", "07 00 00 00 00 00 00 00 | size, padding");

    [Fact]
    public void Removexattr() => Exchange(FuseOpcode.Removexattr, "75 2E 61 00 | \"u.a\"", "Removexattr n51 u.a", "");

    private static string Zeros(int count) => string.Join(' ', Enumerable.Repeat("00", count));
}
