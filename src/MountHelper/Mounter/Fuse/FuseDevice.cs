using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>/dev/fuse as the Mounter needs it: opened and checked, and bound as one more reader to a connection that exists.</summary>
internal static class FuseDevice
{
    private const uint FUSE_DEV_IOC_CLONE = 0x8004_e500;
    private const uint Major = 10;
    private const uint Minor = 229;

    public static OwnedFd Open()
    {
        Errno errno = Libc.Openat(
            Fd.Cwd, CString.FromTerminated("/dev/fuse\0"u8), OpenFlags.ReadWrite | OpenFlags.NoFollow, 0, out OwnedFd device);
        if (errno.IsError)
        {
            throw new MountFailedException("cannot open /dev/fuse", errno, errno == Errno.EMFILE || errno == Errno.ENFILE
                ? "raise the limit of open files (ulimit -n)"
                : "load the fuse module (modprobe fuse)");
        }

        errno = Libc.Statx(device, StatxMask.Type, out Statx status);
        bool isFuse = errno.IsOk && status.FileType == ModeBits.CharacterDevice
            && status.RdevMajor == Major && status.RdevMinor == Minor;
        if (Rule.FuseDeviceIsReal.IsBrokenBy(!isFuse))
        {
            device.Dispose();
            throw new MountFailedException(new MountFailure("/dev/fuse is not the FUSE device")
            {
                Rule = Rule.FuseDeviceIsReal,
                Advice = $"make it with: mknod /dev/fuse c {Major} {Minor}",
            });
        }

        return device;
    }

    /// <summary>FUSE_DEV_IOC_CLONE: <paramref name="unbound"/> reads and answers requests of the connection of <paramref name="bound"/>.</summary>
    public static void Bind(OwnedFd unbound, OwnedFd bound)
    {
        Errno errno = TryBind(unbound, bound);
        if (errno.IsError)
        {
            throw new MountFailedException("cannot give the server a descriptor of the connection", errno);
        }
    }

    /// <summary>EINVAL when <paramref name="bound"/> belongs to no connection.</summary>
    public static Errno TryBind(OwnedFd unbound, OwnedFd bound)
    {
        uint number = (uint)bound.Number;
        return Libc.Ioctl(unbound, FUSE_DEV_IOC_CLONE, MemoryMarshal.AsBytes(new Span<uint>(ref number)), out _);
    }
}
