using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_removemapping_one. One element of REMOVEMAPPING.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseRemovemappingOne
{
    public ulong MOffset;
    public ulong Len;
}
