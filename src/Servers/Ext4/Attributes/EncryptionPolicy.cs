namespace Servers.Ext4;

/// <summary>The policy of an encrypted file: an attribute that Linux does not show.</summary>
internal static class EncryptionPolicy
{
    private const int Version1Size = 28;
    private const int Version2Size = 40;
    private const int NonceSize = 16;

    /// <summary>The policy with its nonce, or null.</summary>
    public static byte[]? Get(VolumeCore core, Inode inode) => core.Attributes.Get(inode, AttributeNamespace.Encryption, "c"u8);

    public static void Require(VolumeCore core, Inode inode)
    {
        if (Get(core, inode) == null)
        {
            throw new Ext4Exception(new Ext4Error(
                Ext4ErrorKind.NoAttribute, CorruptionReason.EncryptionContext, inode.Number.Value));
        }
    }

    /// <summary>Why contents are not readable: there is no key, and there could not be one where the policy is missing or unknown.</summary>
    public static Ext4Error WhyLocked(VolumeCore core, Inode inode) => Get(core, inode) switch
    {
        null => new Ext4Error(Ext4ErrorKind.NoAttribute, CorruptionReason.EncryptionContext, inode.Number.Value),
        byte[] context when IsPolicy(context) => Ext4ErrorKind.NoKey,
        _ => new Ext4Error(Ext4ErrorKind.Invalid, CorruptionReason.EncryptionContext, inode.Number.Value),
    };

    /// <summary>
    /// fscrypt_has_permitted_context: what an encrypted directory holds is encrypted under the same policy. The nonce, each file's own,
    /// is not part of it.
    /// </summary>
    public static bool Permits(VolumeCore core, Inode directory, Inode child)
    {
        if (!child.IsEncrypted)
        {
            return false;
        }

        byte[]? above = Get(core, directory);
        byte[]? below = Get(core, child);
        return IsPolicy(above) && IsPolicy(below) && above.AsSpan(0, above!.Length - NonceSize).SequenceEqual(below.AsSpan(0, below!.Length - NonceSize));
    }

    private static bool IsPolicy(byte[]? context) =>
        context is [1, ..] and { Length: Version1Size } or [2, ..] and { Length: Version2Size };
}
