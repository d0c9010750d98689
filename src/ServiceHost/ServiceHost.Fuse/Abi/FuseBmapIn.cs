using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_bmap_in. BMAP.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseBmapIn
{
    public ulong Block;
    public uint BlockSize;
    public uint Padding;
}
