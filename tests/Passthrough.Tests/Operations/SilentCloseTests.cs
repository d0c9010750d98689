using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public sealed class SilentCloseTests
{
    [Fact]
    public void A_close_that_means_nothing_to_the_source_is_asked_about_once()
    {
        using TempTree tree = new();
        using OwnedFd root = tree.OpenRoot();
        Errno expected = SilentClose.IsOn(root) ? Errno.ENOSYS : Errno.None;
        Assert.Equal(expected, FlushOnce(tree, new PassthroughOptions { IsOneMount = true }));
    }

    [Fact]
    public void A_source_with_other_filesystems_in_it_hears_of_each_close()
    {
        using TempTree tree = new();
        Assert.Equal(Errno.None, FlushOnce(tree, new PassthroughOptions()));
    }

    [Fact]
    public void Locks_on_the_source_end_with_a_close()
    {
        using TempTree tree = new();
        Assert.Equal(Errno.None, FlushOnce(tree, new PassthroughOptions { IsOneMount = true, Locks = LockPolicy.Shared }));
    }

    [Fact]
    public void What_is_not_known_is_not_silent()
    {
        Assert.Equal(
            Errno.None,
            Libc.Openat(Fd.Cwd, CString.FromTerminated("/proc\0"u8), OpenFlags.Path | OpenFlags.Directory, 0, out OwnedFd proc));
        using (proc)
        {
            Assert.False(SilentClose.IsOn(proc));
        }
    }

    private static Errno FlushOnce(TempTree tree, PassthroughOptions options)
    {
        File.WriteAllText(tree.Of("file"), "x");
        Errno answer = default;
        DedicatedThread.Run(() =>
        {
            using TestKernel kernel = new(tree, options);
            NodeId node = kernel.Lookup(NodeId.Root, "file").NodeId;
            answer = kernel.Flush(node, kernel.Open(node), owner: 1);
        });
        return answer;
    }
}
