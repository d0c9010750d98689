namespace ServiceHost.Linux.Tests;

public sealed class SealedMemfdTests
{
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 10_000).Select(static i => (byte)i)];

    [Fact]
    public void Has_its_content_and_no_way_to_change_it()
    {
        using OwnedFd fd = Create(s_content);
        Assert.Equal(Errno.None, SealedMemfd.ReadAll(fd, s_content.Length, out FileSeals seals, out byte[] content));
        Assert.True(seals.HasFlag(FileSeals.Immutable));
        Assert.Equal(s_content, content);
        Assert.Equal(Errno.EPERM, Libc.Pwrite(fd, "x"u8, 0, out _));
        Assert.Equal(Errno.EPERM, Libc.Pwrite(fd, "x"u8, s_content.Length, out _));
        Assert.Equal(Errno.EPERM, Libc.AddSeals(fd, FileSeals.Write));
    }

    [Fact]
    public void One_byte_beyond_the_bound_is_EFBIG()
    {
        using OwnedFd fd = Create(s_content);
        Assert.Equal(Errno.EFBIG, SealedMemfd.ReadAll(fd, s_content.Length - 1, out _, out byte[] content));
        Assert.Empty(content);
    }

    [Fact]
    public void Empty_is_a_content()
    {
        using OwnedFd fd = Create([]);
        Assert.Equal(Errno.None, SealedMemfd.ReadAll(fd, 0, out _, out byte[] content));
        Assert.Empty(content);
    }

    [Fact]
    public void The_offset_of_the_description_does_not_matter()
    {
        using OwnedFd fd = Create(s_content);
        Assert.Equal(Errno.None, Libc.Read(fd, new byte[100], out _));
        Assert.Equal(Errno.None, SealedMemfd.ReadAll(fd, 1 << 20, out _, out byte[] content));
        Assert.Equal(s_content, content);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/proc/self/maps")]
    public void Another_kind_of_file_is_EINVAL(string path)
    {
        Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadOnly, 0, out OwnedFd fd));
        using (fd)
        {
            Assert.Equal(Errno.EINVAL, SealedMemfd.ReadAll(fd, 100, out _, out _));
        }
    }

    private static OwnedFd Create(byte[] content)
    {
        Assert.Equal(Errno.None, SealedMemfd.Create(CString.FromTerminated("sealed-test\0"u8), content, out OwnedFd fd));
        return fd;
    }
}
