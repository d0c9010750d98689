namespace ServiceHost.Linux;

/// <summary>
/// What a thread is between requests: its filesystem ids, supplementary groups and capabilities. Captured once on a thread that nobody has
/// changed yet; <see cref="ThreadCredentials"/> goes back to it. Immutable, so all worker threads can share one.
/// </summary>
public sealed class ThreadIdentity
{
    private readonly uint[] _groups;

    private ThreadIdentity(uint[] groups) => _groups = groups;

    public uint Uid { get; private init; }

    public uint Gid { get; private init; }

    /// <summary>CAP_SETUID: this thread can take other uids, as far as its user namespace maps them.</summary>
    public bool CanSetUid => (Capabilities.Effective & CapabilityBits.Setuid) != 0;

    /// <summary>CAP_SETGID: the same for groups.</summary>
    public bool CanSetGid => (Capabilities.Effective & CapabilityBits.Setgid) != 0;

    internal ReadOnlySpan<uint> Groups => _groups;

    internal ThreadCapabilities Capabilities { get; private init; }

    /// <summary>
    /// Reads the calling thread. A thread that can take any group keeps none at rest: groups that happen to be root's would count as the caller's.
    /// </summary>
    public static Errno Capture(out ThreadIdentity identity)
    {
        uint[] groups = [];
        Errno errno = ThreadCapabilities.Read(out ThreadCapabilities capabilities);
        bool keepsGroups = (capabilities.Effective & CapabilityBits.Setgid) == 0;
        if (errno.IsOk && keepsGroups)
        {
            errno = CredentialCalls.GetGroups(out groups);
        }

        identity = new ThreadIdentity(groups)
        {
            Uid = CredentialCalls.FilesystemUid,
            Gid = CredentialCalls.FilesystemGid,
            Capabilities = capabilities,
        };
        return errno;
    }

    /// <summary>Gives the calling thread the groups of this identity, if it can choose them; everything else it has already.</summary>
    public Errno EnterOnThisThread() => CanSetGid ? CredentialCalls.SetGroups(_groups) : Errno.None;
}
