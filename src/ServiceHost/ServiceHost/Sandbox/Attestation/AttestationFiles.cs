using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>What was opened for the attestation before opening anything became impossible. Closed before a grant is read.</summary>
internal sealed class AttestationFiles(OwnedFd descriptors, OwnedFd threads, OwnedFd mounts) : IDisposable
{
    public const string DescriptorsPath = "/proc/self/fd";
    public const string ThreadsPath = "/proc/self/task";
    public const string MountsPath = "/proc/self/mountinfo";

    /// <summary>/proc/self/fd. The server may keep it, so it is not closed here.</summary>
    public OwnedFd Descriptors => descriptors;

    public OwnedFd Threads => threads;

    public OwnedFd Mounts => mounts;

    public void Dispose()
    {
        threads.Dispose();
        mounts.Dispose();
    }
}
