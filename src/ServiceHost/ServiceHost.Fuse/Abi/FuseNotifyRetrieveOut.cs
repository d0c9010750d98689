using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_retrieve_out. NOTIFY_RETRIEVE.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct FuseNotifyRetrieveOut
{
    public ulong NotifyUnique;
    public NodeId NodeId;
    public ulong Offset;
    public uint Size;
    public uint Padding;
}
