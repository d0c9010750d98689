namespace ServiceHost.Linux;

/// <summary>Where a child failed between fork and its goal, and why.</summary>
public readonly record struct ChildFailure(ChildStep Step, Errno Errno)
{
    public override string ToString() => Step switch
    {
        ChildStep.Died => "the child was killed before it was ready",
        ChildStep.TimedOut => "the child was not ready in time and was killed",
        ChildStep.ParentGone => "the parent ended first",
        _ => $"{Describe(Step)}: {Errno}",
    };

    private static string Describe(ChildStep step) => step switch
    {
        ChildStep.ResetSignals => "resetting signals",
        ChildStep.StartSession => "starting a session",
        ChildStep.ChangeDirectory => "changing the directory",
        ChildStep.KeepCapabilities => "keeping capabilities across the change of uid",
        ChildStep.JoinUserNamespace => "joining the user namespace",
        ChildStep.CloseDescriptors => "closing inherited descriptors",
        ChildStep.PlaceDescriptors => "placing descriptors",
        ChildStep.OpenProcessFiles => "opening files of /proc/self",
        ChildStep.DropBoundingSet => "dropping the capability bounding set",
        ChildStep.LockSecureBits => "locking the securebits",
        ChildStep.SetGroups => "setting the supplementary groups",
        ChildStep.SetGid => "setting the gid",
        ChildStep.SetUid => "setting the uid",
        ChildStep.SetCapabilities => "setting the capabilities",
        ChildStep.ClearAmbient => "clearing the ambient capabilities",
        ChildStep.SetLimits => "setting resource limits",
        ChildStep.Unshare => "creating the user namespace",
        ChildStep.NoNewPrivileges => "setting no_new_privs",
        ChildStep.Landlock => "enforcing Landlock",
        ChildStep.DieWithParent => "asking to die with the parent",
        ChildStep.LookAt => "looking at a descriptor",
        ChildStep.CheckAccess => "asking for access",
        ChildStep.Unmount => "unmounting",
        ChildStep.Announce => "reporting to the parent",
        ChildStep.Execute => "executing the program",
        ChildStep.Fork => "forking",
        _ => step.ToString(),
    };
}
