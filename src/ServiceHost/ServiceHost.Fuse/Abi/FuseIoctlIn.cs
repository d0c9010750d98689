using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_ioctl_in. IOCTL; followed by InSize bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct FuseIoctlIn
{
    public FileHandle Fh;
    public FuseIoctlFlags Flags;
    public uint Cmd;
    public ulong Arg;
    public uint InSize;
    public uint OutSize;
}
