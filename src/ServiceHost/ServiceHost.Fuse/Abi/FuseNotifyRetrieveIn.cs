using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_retrieve_in. NOTIFY_REPLY, the kernel's answer to NOTIFY_RETRIEVE; followed by Size bytes of data.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
public struct FuseNotifyRetrieveIn
{
    public ulong Dummy1;
    public ulong Offset;
    public uint Size;
    public uint Dummy2;
    public ulong Dummy3;
    public ulong Dummy4;
}
