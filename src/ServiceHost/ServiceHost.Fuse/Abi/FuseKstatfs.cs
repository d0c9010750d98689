using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_kstatfs. What statfs(2) reports.</summary>
[StructLayout(LayoutKind.Sequential, Size = 80)]
public struct FuseKstatfs
{
    public ulong Blocks;
    public ulong BFree;
    public ulong BAvail;
    public ulong Files;
    public ulong FFree;
    public uint BSize;
    public uint NameLen;
    public uint FrSize;
    public uint Padding;
    public UInt32x6 Spare;
}
