namespace ServiceHost.Linux;

/// <summary>
/// A thread without CAP_FSETID until the end of a using block: its write, truncate or ACL change then clears S_ISUID and S_ISGID as the same
/// act of an ordinary user would. The user's group counts: its members keep S_ISGID on a file that the group cannot execute, others do not.
/// Costs nothing on a thread that does not have the capability.
/// </summary>
public ref struct WithoutFsetid
{
    private ThreadIdentity? _rest;
    private bool _groupChanged;

    /// <summary>With <paramref name="wanted"/> false the guard does nothing.</summary>
    public static WithoutFsetid When(bool wanted, ThreadIdentity rest, uint gid)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ulong effective = rest.Capabilities.Effective;
        if (!wanted || (effective & CapabilityBits.Fsetid) == 0)
        {
            return default;
        }

        ThrowIfError((rest.Capabilities with { Effective = effective & ~CapabilityBits.Fsetid }).Apply());

        // A group that the user namespace does not map is nobody's group here, and the thread keeps its own.
        bool groupChanged = gid != rest.Gid && rest.CanSetGid && CredentialCalls.TrySetGid(gid);
        return new WithoutFsetid { _rest = rest, _groupChanged = groupChanged };
    }

    public void Dispose()
    {
        if (_rest is not null)
        {
            if (_groupChanged && !CredentialCalls.TrySetGid(_rest.Gid))
            {
                Environment.FailFast("A worker thread could not return to its own group.");
            }

            ThrowIfError(_rest.Capabilities.Apply());
            _rest = null;
        }
    }

    // Effective within permitted is always allowed.
    private static void ThrowIfError(Errno errno)
    {
        if (errno.IsError)
        {
            throw new InvalidOperationException($"capset: {errno}");
        }
    }
}
