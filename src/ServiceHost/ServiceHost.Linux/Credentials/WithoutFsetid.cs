namespace ServiceHost.Linux;

/// <summary>
/// A thread without CAP_FSETID until the end of a using block: its write, truncate or ACL change then clears S_ISUID and S_ISGID as the same
/// act of an ordinary user would. Costs nothing on a thread that does not have the capability.
/// <para>The user's group counts: who is in the file's group keeps S_ISGID where the group cannot execute it. The kernel names the caller only in
/// requests that create something, once a mount can be id-mapped; a caller who is not named is in no group, so that the bit goes.</para>
/// </summary>
public ref struct WithoutFsetid
{
    /// <summary>No file's: where ids had 16 bits, it was "no group".</summary>
    private const uint NobodysGroup = 65535;

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

        bool groupChanged = gid != rest.Gid && rest.CanSetGid
            && (CredentialCalls.TrySetGid(gid) || CredentialCalls.TrySetGid(NobodysGroup));
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
