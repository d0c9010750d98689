using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>poll(2) of an event that somebody else may want to cut short.</summary>
public static unsafe partial class Libc
{
    private const short POLLIN_EVENT = 1;

    /// <summary>
    /// Waits until <paramref name="fd"/> can be read or <paramref name="stop"/> can. ETIMEDOUT at the deadline, ECANCELED when it
    /// is stop's turn (also when both are). An invalid stop is never ready. EINTR is retried.
    /// </summary>
    public static Errno WaitReadable(Fd fd, Fd stop, Deadline deadline)
    {
        // poll(2) passes over entries with a negative number.
        WaitEntry* entries = stackalloc WaitEntry[2]
        {
            new WaitEntry(fd.Number, POLLIN_EVENT),
            new WaitEntry(stop.Number, POLLIN_EVENT),
        };
        while (true)
        {
            int ready = poll_entries(entries, 2, deadline.PollMilliseconds);
            Errno errno = Errno.Of(ready);
            if (errno != Errno.EINTR)
            {
                return errno.IsError ? errno
                    : ready == 0 ? Errno.ETIMEDOUT
                    : entries[1].Occurred != 0 ? Errno.ECANCELED
                    : Errno.None;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int poll_entries(WaitEntry* entries, nuint count, int milliseconds);

    /// <summary>struct pollfd; the kernel fills the last field.</summary>
    private readonly struct WaitEntry(int number, short events)
    {
        public readonly int Number = number;
        public readonly short Events = events;
        public readonly short Occurred = 0;
    }
}
