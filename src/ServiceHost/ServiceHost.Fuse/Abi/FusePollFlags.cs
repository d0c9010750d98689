namespace ServiceHost.Fuse;

/// <summary>FUSE_POLL_*: flags of POLL.</summary>
[Flags]
public enum FusePollFlags : uint
{
    ScheduleNotify = 1 << 0,
}
