namespace ServiceHost.MountProtocol;

/// <summary>How well a server is contained, as far as it has proven it. The order counts: each level has everything of those below it.</summary>
public enum ContainmentLevel
{
    /// <summary>Nothing is proven: developer mode, a foreign service.</summary>
    None = 0,

    /// <summary>What the two stages do by themselves; the server still sees the host's files, network and processes from afar.</summary>
    Plain = 1,

    /// <summary>Plain, in a unit that takes the host out of sight: an empty root, no network, namespaces of its own.</summary>
    Full = 2,
}
