using System.Globalization;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>/dev/loop-control and the nodes of loop devices. There are as many devices as are asked for: the kernel makes one more.</summary>
internal sealed class LoopControl : IDisposable
{
    private const uint LOOP_CTL_GET_FREE = 0x4C82;
    private const uint ControlMajor = 10;
    private const uint ControlMinor = 237;
    private const uint LoopMajor = 7;
    private const uint NodeMode = 0x6000 | 0x1B0;

    private readonly OwnedFd _control;

    private LoopControl(OwnedFd control) => _control = control;

    /// <summary>An errno when there is none: loop devices are a part of the kernel that a machine may be without.</summary>
    public static Errno Open(out LoopControl? control)
    {
        control = null;
        Errno errno = Libc.Openat(
            Fd.Cwd, CString.FromTerminated("/dev/loop-control\0"u8), OpenFlags.ReadWrite | OpenFlags.NoFollow, 0, out OwnedFd opened);
        errno = errno.IsError ? errno : Libc.Statx(opened, StatxMask.Type, out Statx status).IsOk
            && status.FileType == ModeBits.CharacterDevice && (status.RdevMajor, status.RdevMinor) == (ControlMajor, ControlMinor)
            ? Errno.None
            : Errno.ENODEV;
        if (errno.IsError)
        {
            opened.Dispose();
            return errno;
        }

        control = new LoopControl(opened);
        return Errno.None;
    }

    /// <summary>The number of a device that is bound to nothing. Somebody else may be told the same one.</summary>
    public Errno FindFree(out int number) => Libc.Ioctl(_control, LOOP_CTL_GET_FREE, [], out number);

    /// <summary>Opens a device for reading. A node that nobody made is made, as the kernel itself would in a /dev of its own.</summary>
    public static Errno OpenDevice(int number, out OwnedFd device)
    {
        Errno errno = OpenNode(number, out device);
        if (errno != Errno.ENOENT)
        {
            return errno;
        }

        device.Dispose();
        errno = Libc.Mknodat(Fd.Cwd, CString.FromTerminated(NodeOf(number)), NodeMode, DeviceNumber.Encode64(LoopMajor, (uint)number));
        return errno.IsError && errno != Errno.EEXIST ? errno : OpenNode(number, out device);
    }

    public static byte[] NodeOf(int number) => CString.Allocate(string.Create(CultureInfo.InvariantCulture, $"/dev/loop{number}"));

    public void Dispose() => _control.Dispose();

    private static Errno OpenNode(int number, out OwnedFd device)
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(NodeOf(number)), OpenFlags.ReadOnly | OpenFlags.NoFollow, 0, out device);
        if (errno.IsError)
        {
            return errno;
        }

        bool isLoop = Libc.Statx(device, StatxMask.Type, out Statx status).IsOk
            && status.FileType == ModeBits.BlockDevice && status.RdevMajor == LoopMajor;
        return isLoop ? Errno.None : Errno.ENODEV;
    }
}
