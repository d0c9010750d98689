using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Signal dispositions of the process.</summary>
public static partial class Libc
{
    private const int SIGPIPE = 13;
    private const nint SIG_IGN = 1;

    /// <summary>
    /// Writing to a pipe or socket that nobody reads is EPIPE from now on, and not the end of the process. The runtime does this only
    /// together with System.Console, which is not used here.
    /// </summary>
    public static void IgnoreBrokenPipes() => signal(SIGPIPE, SIG_IGN);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}
