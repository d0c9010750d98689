using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_setupmapping_in. SETUPMAPPING (DAX of virtiofs).</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
public struct FuseSetupmappingIn
{
    public FileHandle Fh;
    public ulong FOffset;
    public ulong Len;
    public ulong Flags;
    public ulong MOffset;
}
