namespace ServiceHost.Fuse.Tests.Wire;

public sealed partial class DispatcherTests
{
    private const string Dirent = """
        01 01 00 00 00 00 00 00 | ino
        02 02 00 00 00 00 00 00 | off
        04 00 00 00             | namelen
        08 00 00 00             | type DT_REG
        6E 61 6D 65 00 00 00 00 | "name", padded to 8
        """;

    [Fact]
    public void Opendir() => Exchange(FuseOpcode.Opendir, "00 00 01 00 00 00 00 00 | flags, open_flags", "Opendir n51 flags=10000", ReplyBytes.Open);

    [Fact]
    public void Readdir() => Exchange(
        FuseOpcode.Readdir, DirectoryReadIn(size: 40), "Readdir n51 fh=5 from 7 room=40", Dirent);

    [Fact]
    public void Readdirplus() => Exchange(
        FuseOpcode.Readdirplus, DirectoryReadIn(size: 168), "Readdirplus n51 fh=5 from 7 room=168", ReplyBytes.Entry + Dirent);

    [Fact]
    public void Releasedir() => Exchange(
        FuseOpcode.Releasedir,
        """
        05 00 00 00 00 00 00 00 | fh
        00 00 01 00             | flags
        00 00 00 00             | release_flags
        00 00 00 00 00 00 00 00 | lock_owner
        """,
        "Releasedir n51 fh=5 flags=10000",
        "");

    [Fact]
    public void Fsyncdir() => Exchange(
        FuseOpcode.Fsyncdir, "05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | fh, fsync_flags, padding", "Fsyncdir n51 fh=5 flags=0", "");

    private static string DirectoryReadIn(byte size) => $"""
        05 00 00 00 00 00 00 00 | fh
        07 00 00 00 00 00 00 00 | offset
        {size:X2} 00 00 00      | size
        00 00 00 00             | read_flags
        00 00 00 00 00 00 00 00 | lock_owner
        00 00 00 00 00 00 00 00 | flags, padding
        """;
}
