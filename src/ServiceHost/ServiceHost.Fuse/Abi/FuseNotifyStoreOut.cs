using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_store_out. NOTIFY_STORE; followed by Size bytes of data.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseNotifyStoreOut
{
    public NodeId NodeId;
    public ulong Offset;
    public uint Size;
    public uint Padding;
}
