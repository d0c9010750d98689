using System.Globalization;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// From a descriptor to a path and back. The server has no path to its source, and an O_PATH descriptor can neither be read nor have its
/// attributes listed; but "/proc/self/fd" held open leads from a descriptor's number to the very same inode, deleted or not.
/// </summary>
internal sealed class Reopener(OwnedFd procSelfFd)
{
    /// <summary>Room for a number and its NUL.</summary>
    public const int NameSize = 12;

    /// <summary>The directory of the names that <see cref="NameOf"/> makes.</summary>
    public Fd Directory => procSelfFd;

    /// <summary>The name of a descriptor below <see cref="Directory"/>, in <paramref name="buffer"/> (<see cref="NameSize"/> bytes).</summary>
    public static CString NameOf(Fd fd, Span<byte> buffer)
    {
        if (!fd.Number.TryFormat(buffer, out int length, default, CultureInfo.InvariantCulture))
        {
            throw new ArgumentException("The buffer is too small.", nameof(buffer));
        }

        buffer[length] = 0;
        return CString.FromTerminated(buffer[..(length + 1)]);
    }

    public Errno Open(Fd fd, OpenFlags flags, out FdCell opened)
    {
        CString name = NameOf(fd, stackalloc byte[NameSize]);
        return Libc.Openat(Directory, name, flags, 0, out opened);
    }

    public Errno Open(Fd fd, OpenFlags flags, out OwnedFd opened)
    {
        CString name = NameOf(fd, stackalloc byte[NameSize]);
        return Libc.Openat(Directory, name, flags, 0, out opened);
    }

    /// <summary>
    /// Makes the calling thread's current directory the one where <see cref="NameOf"/> resolves, for calls that take nothing but a path. The
    /// thread gets a current directory and a umask of its own.
    /// </summary>
    public void EnterOnThisThread()
    {
        Errno errno = Libc.UnshareWorkingDirectory();
        if (errno.IsOk)
        {
            errno = Libc.Fchdir(Directory);
        }

        if (errno.IsError)
        {
            throw new InvalidOperationException($"A worker cannot have a current directory of its own: {errno}");
        }
    }
}
