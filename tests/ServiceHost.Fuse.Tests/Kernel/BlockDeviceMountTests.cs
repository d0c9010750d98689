using ServiceHost.Fuse.Tests.Memory;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Kernel;

/// <summary>What the kernel asks only of filesystems on a block device.</summary>
[Trait("Needs", "root")]
[Collection(KernelMount.Collection)]
public sealed class BlockDeviceMountTests
{
    private const uint FIBMAP = 1; // _IO(0, 1)

    [Fact]
    public void Syncfs_bmap_and_destroy_reach_the_filesystem_and_umount_waits_for_destroy()
    {
        MemoryFileSystem fileSystem = new();
        using LoopDevice device = new();
        using KernelMount mount = new(fileSystem, blockDevice: device.Name);
        fileSystem.AddFile("file", [1]);
        using (OwnedFd fd = mount.Open("file"))
        {
            Assert.Equal(Errno.None, Libc.Syncfs(fd));
            byte[] block = BitConverter.GetBytes(7);
            Assert.Equal(Errno.None, Libc.Ioctl(fd, FIBMAP, block, out _));
            Assert.Equal(7 + MemoryFileSystem.FirstDeviceBlock, BitConverter.ToInt32(block));
        }

        Assert.Equal((1, 1), (fileSystem.Calls["syncfs"], fileSystem.Calls["bmap"]));
        mount.Unmount();
        Assert.Equal(1, fileSystem.Calls["destroy"]);
        Assert.Equal(FuseSessionEndReason.Unmounted, mount.WaitForEnd().Reason);
    }
}
