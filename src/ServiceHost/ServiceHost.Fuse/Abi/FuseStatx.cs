using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_statx. struct statx as it travels in the reply to STATX.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public struct FuseStatx
{
    public uint Mask;
    public uint BlkSize;
    public ulong Attributes;
    public uint Nlink;
    public uint Uid;
    public uint Gid;
    public ushort Mode;
    public ushort Spare0;
    public ulong Ino;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public FuseSxTime Atime;
    public FuseSxTime Btime;
    public FuseSxTime Ctime;
    public FuseSxTime Mtime;
    public uint RdevMajor;
    public uint RdevMinor;
    public uint DevMajor;
    public uint DevMinor;
    public UInt64x14 Spare2;
}
