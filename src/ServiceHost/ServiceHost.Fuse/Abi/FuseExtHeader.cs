using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_ext_header. Head of every extension record.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseExtHeader
{
    public uint Size;
    public uint Type;
}
