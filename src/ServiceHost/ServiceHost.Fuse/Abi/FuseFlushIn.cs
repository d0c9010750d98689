using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_flush_in. FLUSH: sent for every close(2).</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseFlushIn
{
    public FileHandle Fh;
    public uint Unused;
    public uint Padding;
    public LockOwner LockOwner;
}
