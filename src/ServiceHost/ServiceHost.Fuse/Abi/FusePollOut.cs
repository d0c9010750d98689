using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_poll_out. Reply to POLL.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FusePollOut
{
    public uint Revents;
    public uint Padding;
}
