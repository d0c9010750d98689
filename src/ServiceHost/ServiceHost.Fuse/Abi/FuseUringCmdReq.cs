using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_uring_cmd_req. Command area of an SQE for FUSE over io_uring.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseUringCmdReq
{
    public ulong Flags;
    public ulong CommitId;
    public ushort Qid;
    public Bytex6 Padding;
}
