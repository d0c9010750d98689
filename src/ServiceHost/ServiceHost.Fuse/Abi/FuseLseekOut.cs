using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_lseek_out. Reply to LSEEK.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseLseekOut
{
    public ulong Offset;
}
