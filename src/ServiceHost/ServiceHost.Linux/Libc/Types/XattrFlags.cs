namespace ServiceHost.Linux;

/// <summary>XATTR_*.</summary>
[Flags]
public enum XattrFlags
{
    None = 0,

    /// <summary>XATTR_CREATE: EEXIST when the attribute exists.</summary>
    Create = 1,

    /// <summary>XATTR_REPLACE: ENODATA when it does not.</summary>
    Replace = 2,
}
