namespace Servers.Ext4;

/// <summary>e_name_index: the prefix that is not stored with each name.</summary>
internal enum AttributeNamespace : byte
{
    User = 1,
    AccessAcl = 2,
    DefaultAcl = 3,
    Trusted = 4,
    Lustre = 5,
    Security = 6,

    /// <summary>Only "data", the rest of inline contents.</summary>
    System = 7,
    RichAcl = 8,

    /// <summary>Only "c", the policy of an encrypted file.</summary>
    Encryption = 9,
    Hurd = 10,
}
