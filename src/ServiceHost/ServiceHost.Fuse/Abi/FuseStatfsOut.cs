using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_statfs_out. Reply to STATFS.</summary>
[StructLayout(LayoutKind.Sequential, Size = 80)]
public struct FuseStatfsOut
{
    public FuseKstatfs St;
}
