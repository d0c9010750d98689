namespace ServiceHost.MountProtocol;

/// <summary>What HELO offers and OLEH takes a subset of. A peer ignores bits it does not know.</summary>
[Flags]
public enum HelloFeatures : uint
{
    None = 0,

    /// <summary>The caller may have allow_other.</summary>
    AllowOther = 1,

    /// <summary>A fuseblk mount is possible: the caller is root.</summary>
    Fuseblk = 2,

    CallerRoot = 4,

    /// <summary>The mount may have a keeper of backing files; a server that takes the bit gets one with its directory, if there is any.</summary>
    Keeper = 8,

    /// <summary>An image file can be had as a loop device: the caller is root.</summary>
    Loop = 16,

    /// <summary>Reserved for iomap.</summary>
    Iomap = 32,
}
