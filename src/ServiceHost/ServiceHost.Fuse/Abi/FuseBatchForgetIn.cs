using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_batch_forget_in. BATCH_FORGET: followed by Count times <see cref="FuseForgetOne"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseBatchForgetIn
{
    public uint Count;
    public uint Dummy;
}
