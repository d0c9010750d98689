using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_create_in. CREATE and TMPFILE; followed by the name (TMPFILE: a placeholder).</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseCreateIn
{
    public uint Flags;
    public uint Mode;
    public uint Umask;
    public FuseOpenInFlags OpenFlags;
}
