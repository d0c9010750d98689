using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_mkdir_in. MKDIR; followed by the name.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseMkdirIn
{
    public uint Mode;
    public uint Umask;
}
