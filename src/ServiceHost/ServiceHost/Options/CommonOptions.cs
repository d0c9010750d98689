namespace ServiceHost.Options;

/// <summary>Options that every service has, because the runner gives them their meaning.</summary>
public static class CommonOptions
{
    /// <summary>0 for never.</summary>
    public static MountOption<long> RequestTimeout { get; } = MountOption.Integer(
        "request_timeout",
        "SECONDS",
        "the kernel ends the mount when a request goes unanswered for so long, 0: never",
        standard: 180,
        minimum: 0,
        maximum: ushort.MaxValue);

    public static MountOption<long> Workers { get; } = MountOption.Integer(
        "workers", "N", "threads that serve requests, 0: one per CPU, at least 2", standard: 0, minimum: 0, maximum: MountProtocol.Limits.Devices);

    public static MountOption<bool> Trace { get; } = MountOption.Switch("trace", "log every request and its answer");

    public static MountOption<Transport> Transport { get; } = MountOption.Choice(
        "transport",
        "how requests come: by /dev/fuse (dev), or over io_uring where the kernel has it switched on (uring)",
        Options.Transport.Auto,
        ("auto", Options.Transport.Auto),
        ("dev", Options.Transport.Dev),
        ("uring", Options.Transport.Uring));

    internal static MountOptionTable Table { get; } = new(RequestTimeout, Workers, Transport, Trace);
}
