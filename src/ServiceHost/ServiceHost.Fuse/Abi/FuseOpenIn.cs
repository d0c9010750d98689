using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_open_in. OPEN and OPENDIR.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseOpenIn
{
    public uint Flags;
    public FuseOpenInFlags OpenFlags;
}
