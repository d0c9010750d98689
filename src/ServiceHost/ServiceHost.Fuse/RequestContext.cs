namespace ServiceHost.Fuse;

/// <summary>Who asks, and what else came with the request. It ends with the call; <see cref="Defer"/> gives what may be kept.</summary>
public readonly ref struct RequestContext
{
    private readonly RequestSlot _slot;

    internal RequestContext(RequestSlot slot, in FuseInHeader header, in RequestExtensions extensions)
    {
        _slot = slot;
        Unique = header.Unique;
        Uid = header.Uid;
        Gid = header.Gid;
        Pid = header.Pid;
        Groups = extensions.Groups;
        SecurityContext = extensions.SecurityContext;
    }

    public RequestId Unique { get; }

    /// <summary>The caller's filesystem uid in the mount's user namespace, or <see cref="FuseProtocol.InvalidId"/>.</summary>
    public uint Uid { get; }

    /// <summary>The caller's filesystem gid, or <see cref="FuseProtocol.InvalidId"/>.</summary>
    public uint Gid { get; }

    /// <summary>The caller's thread in the mounter's pid namespace; 0 when it is not visible there, and for the kernel's own requests.</summary>
    public uint Pid { get; }

    /// <summary>False on mounts that allow id mapping, for requests that create nothing: uid and gid are not told there.</summary>
    public bool HasCallerIds => Uid != FuseProtocol.InvalidId;

    /// <summary>Groups of the caller beside <see cref="Gid"/>, as far as a creating request tells them.</summary>
    public SupplementaryGroups Groups { get; }

    /// <summary>The security label for the object that a creating request makes.</summary>
    public SecurityContext SecurityContext { get; }

    /// <summary>Somebody signalled the caller: a long operation should stop and answer EINTR.</summary>
    public bool IsInterrupted => _slot.IsInterrupted;

    /// <summary>
    /// Takes the answer away from the worker: the operation returns at once and any thread completes the token later, exactly once.
    /// After this, returning <see cref="ServiceHost.Linux.Errno.None"/> means "pending"; an error or an exception completes the token with it.
    /// Must be the worker's own thread. Mind <see cref="FuseInitOptions.RequestTimeout"/>: one request that waits longer ends the connection.
    /// </summary>
    public DeferredReply Defer() => _slot.Defer();
}
