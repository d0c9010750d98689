using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_delete_out. NOTIFY_DELETE; followed by the name and a NUL.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseNotifyDeleteOut
{
    public NodeId Parent;
    public NodeId Child;
    public uint NameLen;
    public uint Padding;
}
