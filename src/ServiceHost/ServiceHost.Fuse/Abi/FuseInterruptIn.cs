using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_interrupt_in. INTERRUPT: the request that nobody waits for any more.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseInterruptIn
{
    public RequestId Unique;
}
