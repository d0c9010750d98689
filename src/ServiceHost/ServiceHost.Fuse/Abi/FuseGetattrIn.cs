using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_getattr_in. GETATTR.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseGetattrIn
{
    public FuseGetattrFlags GetattrFlags;
    public uint Dummy;
    public FileHandle Fh;
}
