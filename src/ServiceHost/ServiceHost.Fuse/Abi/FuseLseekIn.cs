using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_lseek_in. LSEEK.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseLseekIn
{
    public FileHandle Fh;
    public ulong Offset;
    public uint Whence;
    public uint Padding;
}
