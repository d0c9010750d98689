using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_attr. Attributes of an inode as the kernel caches them; <see cref="FuseAttr.Ino"/> is cosmetic, identity is the node id.</summary>
[StructLayout(LayoutKind.Sequential, Size = 88)]
public struct FuseAttr
{
    public ulong Ino;
    public ulong Size;
    public ulong Blocks;
    public ulong Atime;
    public ulong Mtime;
    public ulong Ctime;
    public uint AtimeNsec;
    public uint MtimeNsec;
    public uint CtimeNsec;
    public uint Mode;
    public uint Nlink;
    public uint Uid;
    public uint Gid;
    public uint Rdev;
    public uint BlkSize;
    public FuseAttrFlags Flags;
}
