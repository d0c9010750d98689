using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct timespec, with the two special values of utimensat(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Timespec(long seconds, long nanoseconds)
{
    public readonly long Seconds = seconds;
    public readonly long Nanoseconds = nanoseconds;

    /// <summary>UTIME_NOW: the clock of the filesystem.</summary>
    public static Timespec Now => new(0, 0x3FFF_FFFF);

    /// <summary>UTIME_OMIT: leave as it is.</summary>
    public static Timespec Omit => new(0, 0x3FFF_FFFE);
}
