using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_poll_in. POLL.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FusePollIn
{
    public FileHandle Fh;
    public ulong Kh;
    public FusePollFlags Flags;
    public uint Events;
}
