using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// The open file description that stands for one owner on one file, and which ranges the source has granted it. The source cannot be asked who
/// holds a lock (a description has no process), and without that nobody could tell owners that wait for each other.
/// </summary>
internal sealed class LockDescription(OwnedFd description)
{
    // Keeps the record in the order in which the source granted: two threads of one owner may ask at once. Nobody else takes it, so a source
    // that does not answer stalls only this owner.
    private readonly Lock _granting = new();
    private volatile HeldRange[] _held = [];

    public OwnedFd Descriptor { get; } = description;

    /// <summary>F_OFD_SETLK: EAGAIN when somebody else holds what is asked for.</summary>
    public Errno TrySet(in LockRequest request)
    {
        lock (_granting)
        {
            Errno errno = Libc.SetFileLock(Descriptor, request.Range);
            if (errno.IsOk)
            {
                _held = HeldRange.Apply(_held, request.Held);
            }

            return errno;
        }
    }

    /// <summary>Whether this owner holds what another one asks for.</summary>
    public bool IsInTheWayOf(in HeldRange wanted)
    {
        foreach (HeldRange held in _held)
        {
            if (held.Conflicts(wanted))
            {
                return true;
            }
        }

        return false;
    }
}
