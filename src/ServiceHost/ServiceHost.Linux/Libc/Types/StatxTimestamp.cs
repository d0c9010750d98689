using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct statx_timestamp.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct StatxTimestamp
{
    public readonly long Seconds;
    public readonly uint Nanoseconds;
    private readonly int _reserved;
}
