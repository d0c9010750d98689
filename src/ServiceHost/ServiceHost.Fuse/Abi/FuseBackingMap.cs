using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_backing_map. Argument of the BACKING_OPEN ioctl.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseBackingMap
{
    public int Fd;
    public uint Flags;
    public ulong Padding;
}
