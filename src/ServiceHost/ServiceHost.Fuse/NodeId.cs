using System.Globalization;

namespace ServiceHost.Fuse;

/// <summary>
/// The server's name for an inode. It lives until the kernel has forgotten as many lookups as it was given; together with the
/// generation in <see cref="FuseEntryOut"/> it must be unique over the life of the mount.
/// </summary>
public readonly record struct NodeId(ulong Value)
{
    /// <summary>The root of the mount. It is never looked up and never forgotten.</summary>
    public static NodeId Root => new(1);

    /// <summary>0: in a reply to LOOKUP a negative entry, in READDIRPLUS an entry without attributes.</summary>
    public bool IsNone => Value == 0;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
