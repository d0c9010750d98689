namespace ServiceHost.Linux;

/// <summary>
/// A thread that acts as somebody else until the end of a using block: whatever it creates belongs to that user. It is a ref struct, so it can be
/// neither stored nor carried over an await, and disposing it also happens on the way of an exception.
/// <para>Leaving uid 0 takes the filesystem capabilities away. CAP_DAC_OVERRIDE is put back: whether the caller may write into the directory was
/// decided by the kernel in front of us, with groups that nobody here knows. The others stay away, because they would change what comes out: with
/// CAP_FSETID a file keeps an S_ISGID that its creator may not give.</para>
/// </summary>
public ref struct ThreadCredentials
{
    private readonly ThreadIdentity? _rest;
    private bool _changed;
    private bool _groupsChanged;

    private ThreadCredentials(ThreadIdentity rest) => _rest = rest;

    /// <summary>
    /// Takes the ids. EOVERFLOW: this thread could, but its user namespace does not map one of the ids. EACCES: it has no right to. In both cases
    /// nothing is changed; creating the object with the wrong owner is not an option.
    /// </summary>
    public static Errno Assume(
        ThreadIdentity rest, uint uid, uint gid, scoped ReadOnlySpan<uint> groups, out ThreadCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(rest);
        credentials = new ThreadCredentials(rest);
        Errno errno = credentials.Take(rest, uid, gid, groups);
        if (errno.IsError)
        {
            credentials.Dispose();
        }

        return errno;
    }

    public void Dispose()
    {
        if (_rest is null)
        {
            return;
        }

        // The way back is always open to a thread that could leave; if it were not, nothing it does from here on could be trusted.
        if (_changed)
        {
            _changed = false;
            bool back = CredentialCalls.TrySetUid(_rest.Uid) && CredentialCalls.TrySetGid(_rest.Gid);
            if (!back || _rest.Capabilities.Apply().IsError)
            {
                Environment.FailFast("A worker thread could not return to its own credentials.");
            }
        }

        if (_groupsChanged)
        {
            _groupsChanged = false;
            if (CredentialCalls.SetGroups(_rest.Groups).IsError)
            {
                Environment.FailFast("A worker thread could not return to its own groups.");
            }
        }
    }

    private Errno Take(ThreadIdentity rest, uint uid, uint gid, scoped ReadOnlySpan<uint> groups)
    {
        // Without CAP_SETGID the thread has the groups of the one user it serves, which are the right ones.
        if (!groups.IsEmpty && rest.CanSetGid)
        {
            Errno errno = CredentialCalls.SetGroups(groups);
            if (errno.IsError)
            {
                return errno == Errno.EINVAL ? Errno.EOVERFLOW : errno;
            }

            _groupsChanged = true;
        }

        if (uid == rest.Uid && gid == rest.Gid)
        {
            return Errno.None;
        }

        _changed = true;
        if (!CredentialCalls.TrySetGid(gid))
        {
            return rest.CanSetGid ? Errno.EOVERFLOW : Errno.EACCES;
        }

        if (!CredentialCalls.TrySetUid(uid))
        {
            return rest.CanSetUid ? Errno.EOVERFLOW : Errno.EACCES;
        }

        return uid == rest.Uid ? Errno.None : (rest.Capabilities with { Effective = EffectiveFor(rest, uid) }).Apply();
    }

    private static ulong EffectiveFor(ThreadIdentity rest, uint uid)
    {
        ulong effective = rest.Capabilities.Effective;
        return uid == 0 ? effective : effective & ~(CapabilityBits.FilesystemSet & ~CapabilityBits.DacOverride);
    }
}
