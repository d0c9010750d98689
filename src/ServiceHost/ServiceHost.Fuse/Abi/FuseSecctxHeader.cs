using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_secctx_header. Extension record with the security contexts of a new object.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseSecctxHeader
{
    public uint Size;
    public uint NrSecctx;
}
