namespace Servers.Ext4;

/// <summary>Between the full names that callers use and the stored form: a number for the prefix and the rest of the name.</summary>
internal static class AttributeNames
{
    private static ReadOnlySpan<byte> AccessAcl => "system.posix_acl_access"u8;

    private static ReadOnlySpan<byte> DefaultAcl => "system.posix_acl_default"u8;

    /// <summary>The prefix that Linux shows, or empty for what it keeps to itself (inline data, encryption policies, Lustre).</summary>
    public static ReadOnlySpan<byte> Prefix(AttributeNamespace space) => space switch
    {
        AttributeNamespace.User => "user."u8,
        AttributeNamespace.AccessAcl => AccessAcl,
        AttributeNamespace.DefaultAcl => DefaultAcl,
        AttributeNamespace.Trusted => "trusted."u8,
        AttributeNamespace.Security => "security."u8,
        _ => default,
    };

    public static bool TryParse(ReadOnlySpan<byte> fullName, out AttributeNamespace space, out ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<AttributeNamespace> prefixed = [AttributeNamespace.User, AttributeNamespace.Trusted, AttributeNamespace.Security];
        foreach (AttributeNamespace candidate in prefixed)
        {
            if (fullName.StartsWith(Prefix(candidate)))
            {
                space = candidate;
                name = fullName[Prefix(candidate).Length..];
                return !name.IsEmpty;
            }
        }

        space = fullName.SequenceEqual(AccessAcl) ? AttributeNamespace.AccessAcl : AttributeNamespace.DefaultAcl;
        name = default;
        return fullName.SequenceEqual(AccessAcl) || fullName.SequenceEqual(DefaultAcl);
    }
}
