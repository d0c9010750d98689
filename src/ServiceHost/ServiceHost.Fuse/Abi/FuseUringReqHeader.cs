using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_uring_req_header. Headers buffer of one io_uring entry.</summary>
[StructLayout(LayoutKind.Sequential, Size = 288)]
public struct FuseUringReqHeader
{
    public Bytex128 InOut;
    public Bytex128 OpIn;
    public FuseUringEntInOut RingEntInOut;
}
