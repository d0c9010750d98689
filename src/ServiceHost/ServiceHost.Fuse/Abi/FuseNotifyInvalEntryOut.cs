using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_inval_entry_out. NOTIFY_INVAL_ENTRY; followed by the name and a NUL.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FuseNotifyInvalEntryOut
{
    public NodeId Parent;
    public uint NameLen;
    public FuseInvalEntryFlags Flags;
}
