namespace Servers.Ext4.Server;

/// <summary>A timeout as FUSE writes it.</summary>
internal readonly record struct Validity(ulong Seconds, uint Nanoseconds)
{
    public static Validity Of(TimeSpan time) =>
        new((ulong)(time.Ticks / TimeSpan.TicksPerSecond), (uint)(time.Ticks % TimeSpan.TicksPerSecond * 100));
}
