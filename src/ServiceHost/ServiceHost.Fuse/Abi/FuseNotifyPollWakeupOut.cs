using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_notify_poll_wakeup_out. NOTIFY_POLL: wakes who waits with this poll handle.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseNotifyPollWakeupOut
{
    public ulong Kh;
}
