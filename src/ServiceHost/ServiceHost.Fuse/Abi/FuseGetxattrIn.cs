using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_getxattr_in. GETXATTR (followed by the name) and LISTXATTR. Size 0 asks for the size.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseGetxattrIn
{
    public uint Size;
    public uint Padding;
}
