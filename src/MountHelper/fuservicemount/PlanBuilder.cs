using ServiceHost.Linux;

namespace MountHelper.FuserviceMount;

/// <summary>Turns the words of a mount command into a plan: this is where paths become pinned objects, and they do so once.</summary>
internal static class PlanBuilder
{
    public static MountPlan Build(Invocation invocation, MountOptions options, OwnedFd stop, Action<string> show)
    {
        CallerIdentity caller = ThisCaller();
        MountNamespace? other = invocation.Namespace is null ? null : MountNamespace.Open(invocation.Namespace);
        using (other?.Enter())
        {
            MountTarget target = MountTarget.Pin(invocation.Mountpoint);
            PinnedSource? source = null;
            Errno errno = invocation.Source is null ? Errno.None : PinnedSource.Pin(invocation.Source, out source);
            PinnedSource? journal = null;
            Errno journalErrno = options.JournalPath is { } path ? PinnedSource.Pin(path, out journal) : Errno.None;
            return new MountPlan
            {
                Type = invocation.Type!,
                Options = options,
                Caller = caller,
                Target = target,
                Source = source,
                SourceName = invocation.Source,
                SourceErrno = errno,
                Journal = journal,
                JournalErrno = journalErrno,
                Verbose = invocation.Verbose,
                NoUtab = invocation.NoUtab,
                Sloppy = invocation.Sloppy,
                Namespace = other,
                Stop = stop,
                Show = show,
            };
        }
    }

    private static CallerIdentity ThisCaller()
    {
        Errno errno = Libc.Getgroups(out uint[] groups);
        return errno.IsOk
            ? new CallerIdentity(Libc.Getuid(), Libc.Getgid(), groups)
            : throw new MountFailedException("cannot read our own groups", errno);
    }
}
