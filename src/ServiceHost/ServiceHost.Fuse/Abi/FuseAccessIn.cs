using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_access_in. ACCESS.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseAccessIn
{
    public uint Mask;
    public uint Padding;
}
