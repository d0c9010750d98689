namespace ServiceHost.MountProtocol;

/// <summary>Where keepers are started.</summary>
public static class KeeperAddress
{
    public const string Path = "/run/fuservice/keeper";

    /// <summary>The path for connect(2).</summary>
    public static ReadOnlySpan<byte> TerminatedPath => "/run/fuservice/keeper\0"u8;
}
