using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_write_in. WRITE; followed by Size bytes of data.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
public struct FuseWriteIn
{
    public FileHandle Fh;
    public ulong Offset;
    public uint Size;
    public FuseWriteFlags WriteFlags;
    public LockOwner LockOwner;
    public uint Flags;
    public uint Padding;
}
