using System.Text;

namespace ServiceHost.Linux;

/// <summary>
/// Lines on fd 2 (or fd 1) by plain write(2). System.Console opens a terminal database, starts threads and aborts when stdio is
/// closed or RLIMIT_NOFILE is tiny; this does none of that. A line that cannot be written is dropped: there is nobody to tell.
/// </summary>
public static class StandardError
{
    public static void WriteLine(string line) => WriteLine(new Fd(2), line);

    public static void WriteLine(Fd fd, string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(line + "\n");
        while (!rest.IsEmpty)
        {
            Errno errno = Libc.Write(fd, rest, out int count);
            if (errno == Errno.EINTR)
            {
                continue;
            }

            if (errno.IsError)
            {
                return;
            }

            rest = rest[count..];
        }
    }
}
