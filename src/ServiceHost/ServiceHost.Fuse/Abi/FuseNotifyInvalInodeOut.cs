using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_inval_inode_out. NOTIFY_INVAL_INODE.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseNotifyInvalInodeOut
{
    public NodeId Ino;
    public long Off;
    public long Len;
}
