using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>What is special about /dev/fuse; reading and writing it are read(2) and <see cref="Writev"/>.</summary>
public static partial class Libc
{
    private const uint FUSE_DEV_IOC_CLONE = 0x8004_E500;
    private const uint FUSE_DEV_IOC_BACKING_OPEN = 0x4010_E501;
    private const uint FUSE_DEV_IOC_BACKING_CLOSE = 0x4004_E502;
    private const uint FUSE_DEV_IOC_SYNC_INIT = 0x0000_E503;

    /// <summary>Opens /dev/fuse. The mount that uses it must be made in the same user namespace.</summary>
    public static Errno OpenFuseDevice(out OwnedFd device) =>
        Openat(Fd.Cwd, CString.FromTerminated("/dev/fuse\0"u8), OpenFlags.ReadWrite, 0, out device);

    /// <summary>FUSE_DEV_IOC_CLONE: binds a fresh device descriptor to the connection of <paramref name="bound"/>, with a queue of its own.</summary>
    public static unsafe Errno FuseDeviceClone(Fd fresh, Fd bound)
    {
        uint source = (uint)bound.Number;
        return Errno.Of(fuse_ioctl(fresh.Number, FUSE_DEV_IOC_CLONE, &source));
    }

    /// <summary>
    /// FUSE_DEV_IOC_BACKING_OPEN: the connection of <paramref name="bound"/> may use <paramref name="file"/> as a backing file, under an id above 0.
    /// EPERM without CAP_SYS_ADMIN in the first user namespace, and unless passthrough was agreed on; ELOOP on a filesystem that is stacked too deep.
    /// </summary>
    public static unsafe Errno FuseBackingOpen(Fd bound, Fd file, out int backingId)
    {
        // struct fuse_backing_map: the descriptor, flags and padding of 0.
        ulong* map = stackalloc ulong[2] { (uint)file.Number, 0 };
        int result = fuse_ioctl(bound.Number, FUSE_DEV_IOC_BACKING_OPEN, map);
        backingId = Math.Max(result, 0);
        return Errno.Of(result);
    }

    /// <summary>FUSE_DEV_IOC_BACKING_CLOSE. ENOENT for an id that is not registered.</summary>
    public static unsafe Errno FuseBackingClose(Fd bound, int backingId)
    {
        uint id = (uint)backingId;
        return Errno.Of(fuse_ioctl(bound.Number, FUSE_DEV_IOC_BACKING_CLOSE, &id));
    }

    /// <summary>
    /// FUSE_DEV_IOC_SYNC_INIT, before the mount: mount(2) then waits for the answer to INIT, so another thread must be reading.
    /// ENOTTY on kernels before 6.18.
    /// </summary>
    public static unsafe Errno FuseDeviceSyncInit(Fd unbound) =>
        Errno.Of(fuse_ioctl(unbound.Number, FUSE_DEV_IOC_SYNC_INIT, null));

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int fuse_ioctl(int fd, nuint request, void* argument);
}
