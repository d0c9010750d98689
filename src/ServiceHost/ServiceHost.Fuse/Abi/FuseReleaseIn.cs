using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_release_in. RELEASE and RELEASEDIR.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseReleaseIn
{
    public FileHandle Fh;
    public uint Flags;
    public FuseReleaseFlags ReleaseFlags;
    public LockOwner LockOwner;
}
