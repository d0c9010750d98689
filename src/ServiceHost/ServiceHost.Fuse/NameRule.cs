namespace ServiceHost.Fuse;

/// <summary>What a NUL-terminated string in a request has to be.</summary>
internal enum NameRule
{
    None,

    /// <summary>One path component: not empty, no '/', not "." or "..".</summary>
    Component,

    /// <summary>A component; "." and ".." as well once EXPORT_SUPPORT was agreed.</summary>
    Lookup,

    /// <summary>Name of an extended attribute.</summary>
    Xattr,

    /// <summary>Target of a symbolic link.</summary>
    Target,

    /// <summary>Present and without meaning (TMPFILE).</summary>
    Placeholder,
}
