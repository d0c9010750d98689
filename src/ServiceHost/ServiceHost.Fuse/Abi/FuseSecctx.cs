using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_secctx. One security context; followed by its xattr name with NUL and Size bytes of label, padded to 8.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseSecctx
{
    public uint Size;
    public uint Padding;
}
