using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_ioctl_iovec. One vector of an IOCTL retry (CUSE only).</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseIoctlIovec
{
    public ulong Base;
    public ulong Len;
}
