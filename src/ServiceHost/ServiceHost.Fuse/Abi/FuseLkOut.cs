using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_lk_out. Reply to GETLK: the lock in the way, or one of type F_UNLCK.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseLkOut
{
    public FuseFileLock Lk;
}
