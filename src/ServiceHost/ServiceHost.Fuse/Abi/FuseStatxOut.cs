using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_statx_out. Reply to STATX.</summary>
[StructLayout(LayoutKind.Sequential, Size = 288)]
public struct FuseStatxOut
{
    public ulong AttrValid;
    public uint AttrValidNsec;
    public uint Flags;
    public UInt64x2 Spare;
    public FuseStatx Stat;
}
