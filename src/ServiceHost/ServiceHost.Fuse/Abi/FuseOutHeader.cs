using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_out_header. Head of every reply (Error is 0 or a negative errno) and notification (Unique is 0, Error is the code).</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseOutHeader
{
    public uint Len;
    public int Error;
    public RequestId Unique;
}
