using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_read_in. READ, READDIR and READDIRPLUS.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
public struct FuseReadIn
{
    public FileHandle Fh;
    public ulong Offset;
    public uint Size;
    public FuseReadFlags ReadFlags;
    public LockOwner LockOwner;
    public uint Flags;
    public uint Padding;
}
