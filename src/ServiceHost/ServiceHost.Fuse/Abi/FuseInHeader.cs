using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_in_header. Head of every request.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
public struct FuseInHeader
{
    public uint Len;
    public FuseOpcode Opcode;
    public RequestId Unique;
    public NodeId NodeId;
    public uint Uid;
    public uint Gid;
    public uint Pid;
    public ushort TotalExtLen;
    public ushort Padding;
}
