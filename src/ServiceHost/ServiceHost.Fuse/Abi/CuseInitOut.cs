using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct cuse_init_out. Reply to CUSE_INIT.</summary>
[StructLayout(LayoutKind.Sequential, Size = 72)]
public struct CuseInitOut
{
    public uint Major;
    public uint Minor;
    public uint Unused;
    public uint Flags;
    public uint MaxRead;
    public uint MaxWrite;
    public uint DevMajor;
    public uint DevMinor;
    public UInt32x10 Spare;
}
