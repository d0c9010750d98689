using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct statx as far as identity and mount ids need it; asked for without following links, mounts or servers.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal unsafe struct StatxBuffer
{
    private const int AT_EMPTY_PATH = 0x1000;
    private const int AT_NO_AUTOMOUNT = 0x800;
    private const int AT_STATX_DONT_SYNC = 0x4000;

    [FieldOffset(0)]
    internal uint Mask;

    [FieldOffset(20)]
    internal uint Uid;

    [FieldOffset(24)]
    internal uint Gid;

    [FieldOffset(28)]
    internal ushort Mode;

    [FieldOffset(32)]
    internal ulong Inode;

    [FieldOffset(136)]
    internal uint DeviceMajor;

    [FieldOffset(140)]
    internal uint DeviceMinor;

    [FieldOffset(144)]
    internal ulong MountId;

    internal static Errno Read(Fd fd, uint mask, out StatxBuffer statx)
    {
        statx = default;
        byte empty = 0;
        fixed (StatxBuffer* p = &statx)
        {
            return Errno.Of(SystemCall.Call(
                SystemCallNumber.Statx, fd.Number, (nint)(&empty), AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
                (nint)mask, (nint)p));
        }
    }
}
