using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_init_in. INIT as the kernel sends it since 7.36; older ones stop after <see cref="FuseInitIn.Flags"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct FuseInitIn
{
    public uint Major;
    public uint Minor;
    public uint MaxReadahead;
    public uint Flags;
    public uint Flags2;
    public UInt32x11 Unused;
}
