using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_fsync_in. FSYNC and FSYNCDIR.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseFsyncIn
{
    public FileHandle Fh;
    public FuseFsyncFlags FsyncFlags;
    public uint Padding;
}
