using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_forget_one. One element of BATCH_FORGET.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseForgetOne
{
    public NodeId NodeId;
    public ulong Nlookup;
}
