using System.Runtime.InteropServices;

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

    /// <summary>Reads the calling thread.</summary>
    public static Errno Capture(out ThreadIdentity identity)
    {
        uint[] groups = [];
        Errno errno = ThreadCapabilities.Read(out ThreadCapabilities capabilities);
        if (errno.IsOk)
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
}
