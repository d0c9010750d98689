namespace ServiceHost.Fuse;

/// <summary>enum fuse_notify_code: messages that the server starts.</summary>
public enum FuseNotifyCode : int
{
    Poll = 1,
    InvalInode = 2,
    InvalEntry = 3,
    Store = 4,
    Retrieve = 5,
    Delete = 6,
    Resend = 7,
    IncEpoch = 8,
    Prune = 9,
}
