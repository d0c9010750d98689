using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_syncfs_in. SYNCFS.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseSyncfsIn
{
    public ulong Padding;
}
