using MountHelper.Registry;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// fuservicemount --wait SOURCE: returns when nobody serves SOURCE any more. umount(8) returns when the mount is gone, but the server still
/// has the image for as long as it takes to end; a script that wants to check or copy it then waits here, never longer than the time-out.
/// An image is free when its lock can be had, a device when it can be claimed, a directory when no mount of it is registered.
/// </summary>
public static class SourceWait
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    public static void Run(byte[] name, TimeSpan timeout, OwnedFd? stop)
    {
        Errno errno = PinnedSource.Pin(name, out PinnedSource? source);
        if (errno.IsError)
        {
            throw new MountFailedException(DisplayText.FromBytes(name), errno);
        }

        using (source)
        {
            MountFailedException.ThrowIfBroken(Rule.OnlyFilesDevicesDirectories, source!.Kind == SourceKinds.None,
                $"{source.Display} is neither a regular file nor a block device nor a directory");
            WaitFor(source, Deadline.In(timeout), timeout, stop);
        }
    }

    private static void WaitFor(PinnedSource source, Deadline deadline, TimeSpan timeout, OwnedFd? stop)
    {
        while (!IsFree(source))
        {
            if (deadline.HasPassed)
            {
                throw new MountFailedException(new MountFailure(
                    $"{source.Display} is still in use after {timeout.TotalSeconds} s")
                {
                    Rule = Rule.OneDeadline,
                    Advice = "unmount it, or give it more time with -o mount_timeout=SECONDS",
                });
            }

            if (Libc.WaitReadable(new Fd(-1), stop is null ? new Fd(-1) : stop.Borrow(), Deadline.In(s_interval)) == Errno.ECANCELED)
            {
                throw StopRequest.Interrupted();
            }
        }
    }

    private static bool IsFree(PinnedSource source)
    {
        switch (source.Kind)
        {
            case SourceKinds.BlockDevice:
                return Try(source.Open(OpenFlags.Exclusive, out OwnedFd claimed), claimed, source);
            case SourceKinds.RegularFile:
                Errno errno = source.Open(OpenFlags.ReadOnly, out OwnedFd image);
                errno = errno.IsError ? errno : Libc.Flock(image, FlockOperation.Exclusive | FlockOperation.NonBlocking);
                return Try(errno, image, source);
            default:
                using (MountRegistry registry = Mounter.OpenRegistry())
                {
                    return !registry.ReadLive().Any(entry => IsOf(entry, source));
                }
        }
    }

    /// <summary>The claim is given back at once: it was only a question.</summary>
    private static bool Try(Errno errno, OwnedFd fd, PinnedSource source)
    {
        using (fd)
        {
            return errno.IsOk ? true
                : errno == Errno.EBUSY || errno == Errno.EAGAIN ? false
                : throw new MountFailedException(source.Display, errno);
        }
    }

    private static bool IsOf(RegistryEntry entry, PinnedSource source)
    {
        Errno errno = PinnedSource.Pin(entry.Source, out PinnedSource? other);
        using (other)
        {
            return errno.IsOk && other!.IsSameAs(source);
        }
    }
}
