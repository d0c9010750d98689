namespace Servers.Passthrough;

/// <summary>Where fcntl and flock locks live.</summary>
internal enum LockPolicy
{
    /// <summary>In the kernel, for this mount alone.</summary>
    Local,

    /// <summary>On the source, seen by everyone who locks there.</summary>
    Shared,
}
