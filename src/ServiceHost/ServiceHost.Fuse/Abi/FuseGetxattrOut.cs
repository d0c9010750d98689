using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_getxattr_out. Reply to GETXATTR and LISTXATTR that asked for the size.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseGetxattrOut
{
    public uint Size;
    public uint Padding;
}
