using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_ioctl_out. Reply to IOCTL; followed by the output bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseIoctlOut
{
    public int Result;
    public FuseIoctlFlags Flags;
    public uint InIovs;
    public uint OutIovs;
}
