namespace MountHelper;

/// <summary>Why something was not granted or not mounted; the text of a <see cref="GrantRefusal"/> is for people, this is for code.</summary>
public enum RefusalKind
{
    /// <summary>A call failed for a reason that is not a rule of ours.</summary>
    System,

    /// <summary>The filesystem of the source cannot be id-mapped.</summary>
    NotIdMappable,

    /// <summary>The source is itself an id-mapped mount; the kernel maps a mount only once.</summary>
    AlreadyIdMapped,

    /// <summary>Something that cannot be id-mapped is mounted below the source, and the caller is not root.</summary>
    CoveredDirectories,

    /// <summary>No range of ids is free in the pool.</summary>
    NoFreeIds,

    /// <summary>The namespace of the server could not be made.</summary>
    Namespace,

    /// <summary>The kernel did not take an option of the superblock.</summary>
    UnknownOption,

    /// <summary>An option of remount that cannot be changed on a living mount.</summary>
    NotRemountable,

    /// <summary>There is no mount of ours where one was to be unmounted or remounted.</summary>
    NotMounted,

    /// <summary>The user has as many mounts as a user may have.</summary>
    TooManyMounts,

    /// <summary>The registry in /run cannot be used.</summary>
    Registry,
}
