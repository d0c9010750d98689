using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_setxattr_in. SETXATTR; followed by the name and Size bytes of value. Without SETXATTR_EXT only the first 8 bytes are sent.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseSetxattrIn
{
    public uint Size;
    public uint Flags;
    public FuseSetxattrFlags SetxattrFlags;
    public uint Padding;
}
