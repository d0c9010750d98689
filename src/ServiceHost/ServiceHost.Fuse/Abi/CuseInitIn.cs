using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct cuse_init_in. CUSE_INIT, for character devices in user space.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct CuseInitIn
{
    public uint Major;
    public uint Minor;
    public uint Unused;
    public uint Flags;
}
