namespace ServiceHost.MountProtocol;

/// <summary>The letters of umount(8).</summary>
[Flags]
public enum BrokerUnmountFlags : uint
{
    None = 0,

    /// <summary>-f: abort the connection to the server.</summary>
    Force = 1 << 0,

    /// <summary>-l: out of the tree at once.</summary>
    Lazy = 1 << 1,

    All = (1 << 2) - 1,
}
