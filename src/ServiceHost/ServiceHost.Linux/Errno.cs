using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// A Linux error number as a value: 0 is success, everything else a positive errno. It is the result of every call in
/// <see cref="Libc"/> and of every filesystem operation; nothing here throws.
/// </summary>
public readonly partial record struct Errno(int Number)
{
    public static Errno None => default;

    public bool IsOk => Number == 0;

    public bool IsError => Number != 0;

    /// <summary>"Permission denied (EACCES)": the text a user reads, with the name to search for.</summary>
    public override string ToString() => $"{Message} ({Name})";

    /// <summary>errno of the P/Invoke that just returned. Must be read before anything else runs on this thread.</summary>
    internal static Errno Last
    {
        get
        {
            Errno errno = new(Marshal.GetLastPInvokeError());
            if (errno == EPERM)
            {
                RefusedCalls.Add();
            }

            return errno;
        }
    }

    /// <summary>The result of a call that returns -1 on failure.</summary>
    internal static Errno Of(long result) => result < 0 ? Last : None;
}
