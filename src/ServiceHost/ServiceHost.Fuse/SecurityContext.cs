using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// The security label that a new object is to have (FUSE_SECURITY_CTX): an xattr to be set together with the creation.
/// Not present when the security module gave none.
/// </summary>
public readonly ref struct SecurityContext
{
    internal SecurityContext(CString name, ReadOnlySpan<byte> label)
    {
        IsPresent = true;
        Name = name;
        Label = label;
    }

    public bool IsPresent { get; }

    /// <summary>The name of the xattr, "security.selinux" for instance.</summary>
    public CString Name { get; }

    public ReadOnlySpan<byte> Label { get; }
}
