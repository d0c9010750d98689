using System.Buffers.Binary;
using ServiceHost.Linux;

namespace ServiceHost.MountProtocol.Tests;

public sealed class ArgumentMemfdTests
{
    private static readonly byte[][] s_arguments =
        ["passthrough"u8.ToArray(), "/srv/tree"u8.ToArray(), "/mnt"u8.ToArray(), "-o"u8.ToArray(), "cache=never"u8.ToArray()];

    // The layout as libfuse writes it for: helper SRC MNT -t TYPE. Its table has room for the words that it leaves out.
    private static readonly byte[] s_withGap = Hex.Bytes(
        "'ARGS' 00000003 00000030 00000005 00000035 00000002 00000037 00000002 0000000000000000 0000000000000000"
        + "'null' 00 'S' 00 'M' 00");

    [Fact]
    public void Is_written_as_the_literal()
    {
        Assert.True(ArgumentMemfd.Create(["t"u8.ToArray(), "/s"u8.ToArray()], out OwnedFd fd, out uint size).IsOk);
        using (fd)
        {
            byte[] content = new byte[64];
            Assert.True(Libc.Pread(fd, content, 0, out int length).IsOk);
            Assert.Equal(size, (uint)length);
            Assert.Equal(
                Convert.ToHexString(Hex.Bytes("'ARGS' 00000002 00000018 00000002 0000001A 00000003 't' 00 '/s' 00")),
                Convert.ToHexString(content[..length]));
        }
    }

    [Fact]
    public void Is_sealed_for_ever_and_read_back()
    {
        Assert.True(ArgumentMemfd.Create(s_arguments, out OwnedFd fd, out uint size).IsOk);
        using (fd)
        {
            Assert.Equal(Errno.EPERM, Libc.Pwrite(fd, "x"u8, 0, out _));
            Assert.Equal(Errno.EPERM, Libc.AddSeals(fd, FileSeals.Shrink));
            Assert.Equal(ArgumentFault.None, ArgumentMemfd.TryReadSealed(fd, size, out byte[][] arguments));
            Assert.Equal(s_arguments, arguments);
        }
    }

    [Fact]
    public void A_gap_between_table_and_strings_is_followed()
    {
        using OwnedFd fd = Memfd(s_withGap);
        Assert.Equal(ArgumentFault.None, ArgumentMemfd.TryRead(fd, out byte[][] arguments));
        Assert.Equal(["null"u8.ToArray(), "S"u8.ToArray(), "M"u8.ToArray()], arguments);
    }

    [Fact]
    public void Without_seals_the_own_dialect_refuses_it()
    {
        using OwnedFd fd = Memfd(s_withGap);
        Assert.Equal(ArgumentFault.NotSealed, ArgumentMemfd.TryReadSealed(fd, (uint)s_withGap.Length, out _));
        Assert.True(Libc.AddSeals(fd, FileSeals.Shrink | FileSeals.Grow | FileSeals.Write).IsOk);
        Assert.Equal(ArgumentFault.NotSealed, ArgumentMemfd.TryReadSealed(fd, (uint)s_withGap.Length, out _));
        Assert.True(Libc.AddSeals(fd, FileSeals.Seal).IsOk);
        Assert.Equal(ArgumentFault.None, ArgumentMemfd.TryReadSealed(fd, (uint)s_withGap.Length, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void The_announced_size_is_the_size(int difference)
    {
        Assert.True(ArgumentMemfd.Create(s_arguments, out OwnedFd fd, out uint size).IsOk);
        using (fd)
        {
            Assert.Equal(ArgumentFault.WrongSize, ArgumentMemfd.TryReadSealed(fd, (uint)(size + difference), out _));
        }
    }

    [Theory]
    [InlineData("", ArgumentFault.BadMagic)]
    [InlineData("'ARGS' 000000", ArgumentFault.BadMagic)]
    [InlineData("'SGRA' 00000000", ArgumentFault.BadMagic)]
    [InlineData("'ARGS' 00000000", ArgumentFault.BadType)]
    [InlineData("'ARGS' 00000041", ArgumentFault.TooManyArguments)]
    [InlineData("'ARGS' FFFFFFFF", ArgumentFault.TooManyArguments)]
    [InlineData("'ARGS' 00000001", ArgumentFault.OutOfBounds)]
    [InlineData("'ARGS' 00000001 00000010 00000003 't' 00", ArgumentFault.OutOfBounds)]
    [InlineData("'ARGS' 00000001 FFFFFFF0 00000020 't' 00", ArgumentFault.OutOfBounds)]
    [InlineData("'ARGS' 00000001 00000010 FFFFFFFF 't' 00", ArgumentFault.OutOfBounds)]
    [InlineData("'ARGS' 00000001 00000000 00000008 't' 00", ArgumentFault.OutOfBounds)]
    [InlineData("'ARGS' 00000001 00000010 00000000 't' 00", ArgumentFault.BadString)]
    [InlineData("'ARGS' 00000001 00000010 00000001 't' 00", ArgumentFault.BadString)]
    [InlineData("'ARGS' 00000001 00000010 00000003 't' 0000", ArgumentFault.BadString)]
    [InlineData("'ARGS' 00000001 00000010 00000001 00", ArgumentFault.BadType)]
    [InlineData("'ARGS' 00000001 00000010 00000005 '../t' 00", ArgumentFault.BadType)]
    [InlineData("'ARGS' 00000001 00000010 00000002 FF 00", ArgumentFault.BadType)]
    public void A_lie_in_it_has_its_name(string content, ArgumentFault fault)
    {
        using OwnedFd fd = Memfd(Hex.Bytes(content));
        Assert.Equal(fault, ArgumentMemfd.TryRead(fd, out byte[][] arguments));
        Assert.Empty(arguments);
    }

    [Fact]
    public void Strings_may_overlap_because_each_is_judged_alone()
    {
        using OwnedFd fd = Memfd(Hex.Bytes("'ARGS' 00000002 00000018 00000003 00000019 00000002 'ab' 00"));
        Assert.Equal(ArgumentFault.None, ArgumentMemfd.TryRead(fd, out byte[][] arguments));
        Assert.Equal(["ab"u8.ToArray(), "b"u8.ToArray()], arguments);
    }

    [Fact]
    public void A_huge_file_is_not_read()
    {
        byte[] content = new byte[Limits.ArgumentBytes + 1];
        BinaryPrimitives.WriteUInt32BigEndian(content, (uint)Tag.ArgumentMemfd);
        using OwnedFd fd = Memfd(content);
        Assert.Equal(ArgumentFault.TooLarge, ArgumentMemfd.TryRead(fd, out _));
    }

    [Fact]
    public void Arguments_beyond_the_limit_are_not_written()
    {
        byte[][] many = [.. Enumerable.Repeat("x"u8.ToArray(), Limits.Arguments + 1)];
        Assert.Equal(Errno.E2BIG, ArgumentMemfd.Create(many, out _, out _));
        Assert.Equal(Errno.E2BIG, ArgumentMemfd.Create([new byte[Limits.ArgumentBytes]], out _, out _));
    }

    /// <summary>Reading these could wait for whoever holds the other end.</summary>
    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/proc/self/environ")]
    [InlineData("/proc/self/fd")]
    public void What_is_not_in_memory_is_not_read(string path)
    {
        Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadOnly, 0, out OwnedFd fd).IsOk);
        using (fd)
        {
            Assert.Equal(ArgumentFault.NotInMemory, ArgumentMemfd.TryRead(fd, out _));
        }
    }

    [Fact]
    public void A_pipe_is_not_read()
    {
        Assert.True(Libc.Pipe(out OwnedFd read, out OwnedFd write).IsOk);
        using (read)
        using (write)
        {
            Assert.Equal(ArgumentFault.NotInMemory, ArgumentMemfd.TryRead(read, out _));
        }
    }

    private static OwnedFd Memfd(byte[] content)
    {
        Assert.True(Libc.MemfdCreate(CString.FromTerminated("argument-test\0"u8), out OwnedFd fd).IsOk);
        Assert.True(content.Length == 0 || Libc.Pwrite(fd, content, 0, out _).IsOk);
        return fd;
    }
}
