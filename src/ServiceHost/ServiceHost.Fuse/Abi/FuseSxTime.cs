using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_sx_time. A timestamp in <see cref="FuseStatx"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseSxTime
{
    public long TvSec;
    public uint TvNsec;
    public int Reserved;
}
