using System.Text;
using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

[Trait("Needs", "root")]
public sealed class KernelMountTests
{
    [Fact]
    public void A_file_written_through_the_kernel_reads_back()
    {
        MemoryFileSystem fileSystem = new();
        using KernelMount mount = new(fileSystem);
        File.WriteAllText(mount["hello"], "world");
        Assert.Equal("world", File.ReadAllText(mount["hello"]));
        Assert.Equal("world", Encoding.UTF8.GetString(fileSystem.Root.Children["hello"].Data));
    }

    [Fact]
    public void Unmounting_ends_the_session_and_every_worker()
    {
        MemoryFileSystem fileSystem = new();
        using KernelMount mount = new(fileSystem, devices: 4);
        mount.Unmount();
        Assert.Equal(FuseSessionEndReason.Unmounted, mount.WaitForEnd().Reason);
        Assert.True(fileSystem.SessionEnded);
        Assert.Equal(["fuse-0", "fuse-1", "fuse-2", "fuse-3"], fileSystem.WorkerThreads.Order());
    }
}
