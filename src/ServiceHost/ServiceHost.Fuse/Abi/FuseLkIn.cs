using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_lk_in. GETLK, SETLK and SETLKW.</summary>
[StructLayout(LayoutKind.Sequential, Size = 48)]
public struct FuseLkIn
{
    public FileHandle Fh;
    public LockOwner Owner;
    public FuseFileLock Lk;
    public FuseLkFlags LkFlags;
    public uint Padding;
}
