namespace Servers.Passthrough;

/// <summary>A timeout as FUSE writes it.</summary>
internal readonly record struct Validity(ulong Seconds, uint Nanoseconds)
{
    public static Validity Of(TimeSpan time) =>
        new((ulong)(time.Ticks / TimeSpan.TicksPerSecond), (uint)(time.Ticks % TimeSpan.TicksPerSecond * 100));

    public bool IsZero => Seconds == 0 && Nanoseconds == 0;
}
