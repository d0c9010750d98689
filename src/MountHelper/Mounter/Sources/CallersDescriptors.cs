using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// SOURCE as its caller opened it, for reading and for writing. These descriptions, and no others, are what a server can get: opening the
/// file again would be done with our rights and not with the caller's.
/// </summary>
public sealed class CallersDescriptors(OwnedFd? reading, Errno readErrno, OwnedFd? writing, Errno writeErrno) : IDisposable
{
    /// <summary>Of one that is there; both are the same object.</summary>
    public OwnedFd Any => reading ?? writing ?? throw new InvalidOperationException("The caller opened nothing.");

    /// <summary>
    /// A duplicate of the description that allows what is asked. EINVAL for a way of opening that the caller did not choose; otherwise the
    /// errno that the caller met.
    /// </summary>
    public Errno Take(OpenFlags flags, out OwnedFd opened)
    {
        bool write = (flags & OpenFlags.AccessModeMask) != OpenFlags.ReadOnly;
        OwnedFd? source = write ? writing : reading;
        bool plain = (flags & ~OpenFlags.AccessModeMask) == 0;
        if (source is null || !plain)
        {
            Errno errno = write ? writeErrno : readErrno;
            opened = OwnedFd.Take(-1);
            return !plain ? Errno.EINVAL : errno.IsError ? errno : Errno.EACCES;
        }

        return Libc.Duplicate(source, out opened);
    }

    public void Dispose()
    {
        reading?.Dispose();
        writing?.Dispose();
    }
}
