using Microsoft.Win32.SafeHandles;

namespace ServiceHost.Linux;

/// <summary>
/// A file descriptor with one owner, closed exactly once. close(2) is never retried: on Linux the number is free after any
/// return. Every constructor in this library makes it close-on-exec.
/// </summary>
public sealed class OwnedFd : SafeHandleMinusOneIsInvalid
{
    public OwnedFd()
        : base(ownsHandle: true)
    {
    }

    private OwnedFd(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>Takes over a number that nobody else owns (a syscall's result, an inherited fd).</summary>
    public static OwnedFd Take(int number) => new(number);

    /// <summary>The number as text for /proc/self/fd, logs and mount options; not for keeping.</summary>
    public int Number => (int)handle;

    public Fd Borrow() => new((int)handle);

    /// <summary>Gives the number up: the caller closes it from now on.</summary>
    public int Release()
    {
        int number = (int)handle;
        SetHandleAsInvalid();
        SetHandle(-1);
        return number;
    }

    /// <summary>Fills a handle that was allocated before the descriptor existed.</summary>
    internal void Set(int number) => SetHandle(number);

    public static implicit operator Fd(OwnedFd owned) => owned.Borrow();

    protected override bool ReleaseHandle() => Libc.CloseNumber((int)handle).IsOk;
}
