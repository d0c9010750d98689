using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_prune_out. NOTIFY_PRUNE; followed by Count node ids.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseNotifyPruneOut
{
    public uint Count;
    public uint Padding;
    public ulong Spare;
}
