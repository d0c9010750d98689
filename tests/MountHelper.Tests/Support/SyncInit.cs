using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>FUSE_DEV_IOC_SYNC_INIT: the mount call on this descriptor would not return before INIT is answered.</summary>
internal static class SyncInit
{
    private const uint FUSE_DEV_IOC_SYNC_INIT = 0xE503;

    /// <summary>Kernels before 6.18 do not know it (ENOTTY), and then nothing can be made to wait.</summary>
    public static void SwitchOn(OwnedFd device)
    {
        int result = ioctl(device.Number, FUSE_DEV_IOC_SYNC_INIT, 0);
        Assert.True(result == 0 || Marshal.GetLastPInvokeError() == Errno.ENOTTY.Number);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int fd, nuint request, nint argument);
}
