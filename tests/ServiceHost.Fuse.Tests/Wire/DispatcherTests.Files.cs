namespace ServiceHost.Fuse.Tests.Wire;

public sealed partial class DispatcherTests
{
    private const string ReadIn = """
        05 00 00 00 00 00 00 00 | fh
        00 10 00 00 00 00 00 00 | offset 4096
        20 00 00 00             | size 32
        02 00 00 00             | read_flags LOCKOWNER
        0A 00 00 00 00 00 00 00 | lock_owner
        00 80 00 00             | flags
        00 00 00 00             | padding
        """;

    private const string LkIn = """
        05 00 00 00 00 00 00 00 | fh
        0A 00 00 00 00 00 00 00 | owner
        01 00 00 00 00 00 00 00 | start
        FF FF FF FF FF FF FF 7F | end
        01 00 00 00             | type F_WRLCK
        67 12 00 00             | pid
        01 00 00 00             | lk_flags FLOCK
        00 00 00 00             | padding
        """;

    private const string LkText = "fh=5 owner=a 1-9223372036854775807 type=1 pid=4711 flags=1";

    [Fact]
    public void Open() => Exchange(
        FuseOpcode.Open, "02 80 00 00 01 00 00 00 | flags, open_flags KILL_SUIDGID", "Open n51 flags=8002 open_flags=1", ReplyBytes.Open);

    [Fact]
    public void Read() => Exchange(FuseOpcode.Read, ReadIn, "Read n51 fh=5 4096+32 flags=2 owner=a", "64 61 74 61 | \"data\"");

    [Fact]
    public void Write() => Exchange(
        FuseOpcode.Write,
        """
        05 00 00 00 00 00 00 00 | fh
        00 10 00 00 00 00 00 00 | offset 4096
        03 00 00 00             | size
        01 00 00 00             | write_flags CACHE
        0A 00 00 00 00 00 00 00 | lock_owner
        00 80 00 00             | flags
        00 00 00 00             | padding
        61 62 63                | "abc"
        """,
        "Write n51 fh=5 4096+abc flags=1 owner=a",
        "03 00 00 00 00 00 00 00 | size, padding");

    [Fact]
    public void Release() => Exchange(
        FuseOpcode.Release,
        """
        05 00 00 00 00 00 00 00 | fh
        02 80 00 00             | flags
        02 00 00 00             | release_flags FLOCK_UNLOCK
        0A 00 00 00 00 00 00 00 | lock_owner
        """,
        "Release n51 fh=5 flags=8002 release_flags=2 owner=a",
        "");

    [Fact]
    public void Flush() => Exchange(
        FuseOpcode.Flush,
        """
        05 00 00 00 00 00 00 00 | fh
        00 00 00 00 00 00 00 00 | unused, padding
        0A 00 00 00 00 00 00 00 | lock_owner
        """,
        "Flush n51 fh=5 owner=a",
        "");

    [Fact]
    public void Fsync() => Exchange(
        FuseOpcode.Fsync, "05 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 | fh, fsync_flags FDATASYNC, padding", "Fsync n51 fh=5 flags=1", "");

    [Fact]
    public void Fallocate() => Exchange(
        FuseOpcode.Fallocate,
        """
        05 00 00 00 00 00 00 00 | fh
        01 00 00 00 00 00 00 00 | offset
        02 00 00 00 00 00 00 00 | length
        03 00 00 00 00 00 00 00 | mode, padding
        """,
        "Fallocate n51 fh=5 1+2 mode=3",
        "");

    [Fact]
    public void Lseek() => Exchange(
        FuseOpcode.Lseek,
        """
        05 00 00 00 00 00 00 00 | fh
        01 00 00 00 00 00 00 00 | offset
        03 00 00 00 00 00 00 00 | whence SEEK_DATA, padding
        """,
        "Lseek n51 fh=5 1 whence=3",
        "34 12 00 00 00 00 00 00 | offset");

    private const string CopyFileRangeIn = """
        05 00 00 00 00 00 00 00 | fh_in
        01 00 00 00 00 00 00 00 | off_in
        44 00 00 00 00 00 00 00 | nodeid_out
        06 00 00 00 00 00 00 00 | fh_out
        02 00 00 00 00 00 00 00 | off_out

        """;

    [Fact]
    public void Copy_file_range() => Exchange(
        FuseOpcode.CopyFileRange,
        CopyFileRangeIn + """
        00 02 00 00 00 00 00 00 | len
        00 00 00 00 00 00 00 00 | flags
        """,
        "CopyFileRange n51 fh=5 @1 -> n68 fh=6 @2 len=512",
        "00 02 00 00 00 00 00 00 | size, padding");

    [Fact]
    public void Copy_file_range_64() => Exchange(
        FuseOpcode.CopyFileRange64,
        CopyFileRangeIn + """
        00 00 00 00 02 00 00 00 | len 8 GiB
        00 00 00 00 00 00 00 00 | flags
        """,
        "CopyFileRange n51 fh=5 @1 -> n68 fh=6 @2 len=8589934592",
        "00 00 00 00 02 00 00 00 | bytes_copied");

    [Fact]
    public void Ioctl() => Exchange(
        FuseOpcode.Ioctl,
        """
        05 00 00 00 00 00 00 00 | fh
        08 00 00 00             | flags 32BIT
        01 66 04 80             | cmd
        00 F0 FF FF FF 7F 00 00 | arg
        02 00 00 00             | in_size
        04 00 00 00             | out_size
        69 6E                   | "in"
        """,
        "Ioctl n51 fh=5 cmd=80046601 arg=7ffffffff000 flags=8 in room=4",
        """
        09 00 00 00             | result
        00 00 00 00             | flags
        00 00 00 00 00 00 00 00 | in_iovs, out_iovs
        6F 75 74                | "out"
        """);

    [Fact]
    public void Poll() => Exchange(
        FuseOpcode.Poll,
        """
        05 00 00 00 00 00 00 00 | fh
        09 00 00 00 00 00 00 00 | kh
        01 00 00 00             | flags SCHEDULE_NOTIFY
        01 00 00 00             | events
        """,
        "Poll n51 fh=5 kh=9 flags=1 events=1",
        "04 00 00 00 00 00 00 00 | revents, padding");

    [Fact]
    public void Bmap() => Exchange(
        FuseOpcode.Bmap,
        """
        09 00 00 00 00 00 00 00 | block
        00 02 00 00 00 00 00 00 | blocksize, padding
        """,
        "Bmap n51 9 of 512",
        "99 00 00 00 00 00 00 00 | block");

    [Fact]
    public void Setupmapping() => Exchange(
        FuseOpcode.Setupmapping,
        """
        05 00 00 00 00 00 00 00 | fh
        01 00 00 00 00 00 00 00 | foffset
        02 00 00 00 00 00 00 00 | len
        03 00 00 00 00 00 00 00 | flags
        04 00 00 00 00 00 00 00 | moffset
        """,
        "Setupmapping n51 fh=5 1+2 flags=3 at 4",
        "");

    [Fact]
    public void Removemapping() => Exchange(
        FuseOpcode.Removemapping,
        """
        01 00 00 00             | count
        01 00 00 00 00 00 00 00 | moffset
        02 00 00 00 00 00 00 00 | len
        """,
        "Removemapping n51 1+2",
        "");

    [Fact]
    public void Getlk() => Exchange(
        FuseOpcode.Getlk,
        LkIn,
        "Getlk n51 " + LkText,
        """
        01 00 00 00 00 00 00 00 | start
        02 00 00 00 00 00 00 00 | end
        01 00 00 00 03 00 00 00 | type, pid
        """);

    [Fact]
    public void Setlk() => Exchange(FuseOpcode.Setlk, LkIn, $"Setlk n51 {LkText} wait=False", "");

    [Fact]
    public void Setlkw() => Exchange(FuseOpcode.Setlkw, LkIn, $"Setlk n51 {LkText} wait=True", "");
}
