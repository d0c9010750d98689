using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_setattr_in. SETATTR: only the members named by <see cref="FuseSetattrIn.Valid"/> count.</summary>
[StructLayout(LayoutKind.Sequential, Size = 88)]
public struct FuseSetattrIn
{
    public FuseSetattrValid Valid;
    public uint Padding;
    public FileHandle Fh;
    public ulong Size;
    public LockOwner LockOwner;
    public ulong Atime;
    public ulong Mtime;
    public ulong Ctime;
    public uint AtimeNsec;
    public uint MtimeNsec;
    public uint CtimeNsec;
    public uint Mode;
    public uint Unused4;
    public uint Uid;
    public uint Gid;
    public uint Unused5;
}
