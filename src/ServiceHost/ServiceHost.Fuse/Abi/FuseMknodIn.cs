using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_mknod_in. MKNOD; followed by the name.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseMknodIn
{
    public uint Mode;
    public uint Rdev;
    public uint Umask;
    public uint Padding;
}
