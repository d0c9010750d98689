using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_uring_ent_in_out. Per-entry words of FUSE over io_uring.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct FuseUringEntInOut
{
    public ulong Flags;
    public ulong CommitId;
    public uint PayloadSz;
    public uint Padding;
    public ulong Reserved;
}
