using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_bmap_out. Reply to BMAP.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseBmapOut
{
    public ulong Block;
}
