namespace Servers.Passthrough;

/// <summary>What the kernel may keep of files that others can change behind the mount.</summary>
internal enum CachePolicy
{
    /// <summary>Nothing: no timeouts, no page cache.</summary>
    Never,

    /// <summary>Names and attributes for a moment; data until it is seen to have changed, and until the next open.</summary>
    Auto,

    /// <summary>Everything until told otherwise: for a source that nobody else changes.</summary>
    Always,
}
