namespace ServiceHost.Linux;

/// <summary>
/// A thread without CAP_FSETID until the end of a using block: its write, truncate or ACL change then clears S_ISUID and S_ISGID as the same
/// act of an ordinary user would. Costs nothing on a thread that does not have the capability.
/// </summary>
public ref struct WithoutFsetid
{
    private ThreadIdentity? _rest;

    /// <summary>With <paramref name="wanted"/> false the guard does nothing.</summary>
    public static WithoutFsetid When(bool wanted, ThreadIdentity rest)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ulong effective = rest.Capabilities.Effective;
        if (!wanted || (effective & CapabilityBits.Fsetid) == 0)
        {
            return default;
        }

        ThrowIfError((rest.Capabilities with { Effective = effective & ~CapabilityBits.Fsetid }).Apply());
        return new WithoutFsetid { _rest = rest };
    }

    public void Dispose()
    {
        if (_rest is not null)
        {
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
