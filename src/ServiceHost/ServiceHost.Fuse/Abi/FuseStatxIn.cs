using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_statx_in. STATX. The kernel asks with BASIC_STATS and BTIME, and without flags.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseStatxIn
{
    public FuseGetattrFlags GetattrFlags;
    public uint Reserved;
    public FileHandle Fh;
    public uint SxFlags;
    public uint SxMask;
}
