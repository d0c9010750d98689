using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_fallocate_in. FALLOCATE.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct FuseFallocateIn
{
    public FileHandle Fh;
    public ulong Offset;
    public ulong Length;
    public uint Mode;
    public uint Padding;
}
