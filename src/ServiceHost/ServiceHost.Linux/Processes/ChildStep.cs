namespace ServiceHost.Linux;

/// <summary>What a forked child was doing when it failed; travels over the status pipe, and into the message a person reads.</summary>
public enum ChildStep
{
    None = 0,
    ResetSignals,
    StartSession,
    ChangeDirectory,
    JoinUserNamespace,
    CloseDescriptors,
    PlaceDescriptors,
    OpenProcessFiles,
    DropBoundingSet,
    LockSecureBits,
    SetGroups,
    SetGid,
    SetUid,
    SetCapabilities,
    ClearAmbient,
    SetLimits,
    KeepCapabilities,
    Unshare,
    NoNewPrivileges,
    Landlock,
    DieWithParent,
    LookAt,
    CheckAccess,
    Unmount,
    ParentGone,
    Announce,
    Execute,

    /// <summary>Not a step of the child's: it was killed before it could tell.</summary>
    Died,

    /// <summary>Not a step of the child's: it did not get there in time and was killed by its parent.</summary>
    TimedOut,

    /// <summary>Not a step of the child's: the parent could not fork.</summary>
    Fork,
}
