using System.Buffers.Binary;
using System.Buffers.Text;

namespace Servers.Ext4;

/// <summary>
/// What Linux shows for an encrypted name to whoever has no key: base64url of the directory hash and the ciphertext, whose tail is
/// replaced by its SHA-256 when it is long. The same form is found again by looking it up.
/// </summary>
internal static class EncryptedNames
{
    /// <summary>No stand-in is longer than this.</summary>
    public const int MaximumLength = 252;

    /// <summary>FSCRYPT_FNAME_MIN_MSG_LEN: shorter ciphertext does not exist.</summary>
    private const int MinimumCiphertext = 16;
    private const int HashesSize = 8;
    private const int DirectBytes = 149;
    private const int RawMaximum = HashesSize + DirectBytes + Sha256.Size;

    public static bool IsPossible(ReadOnlySpan<byte> stored) => stored.Length >= MinimumCiphertext;

    /// <summary>Writes the stand-in of a stored name and gives its length.</summary>
    public static int Encode(ReadOnlySpan<byte> stored, uint hash, uint minorHash, Span<byte> name)
    {
        Span<byte> raw = stackalloc byte[RawMaximum];
        BinaryPrimitives.WriteUInt32LittleEndian(raw, hash);
        BinaryPrimitives.WriteUInt32LittleEndian(raw[sizeof(uint)..], minorHash);
        int direct = Math.Min(stored.Length, DirectBytes);
        stored[..direct].CopyTo(raw[HashesSize..]);
        int length = HashesSize + direct;
        if (stored.Length > DirectBytes)
        {
            Sha256.Compute(stored[DirectBytes..], raw[length..]);
            length += Sha256.Size;
        }

        Base64Url.EncodeToUtf8(raw[..length], name, out _, out int written);
        return written;
    }

    /// <summary>Whether a name that a caller gives stands for the stored one. The hashes in it are a hint and not compared.</summary>
    public static bool Matches(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> name)
    {
        Span<byte> raw = stackalloc byte[RawMaximum];
        bool decoded = Base64Url.IsValid(name, out int length) && length is > HashesSize and <= RawMaximum
            && Base64Url.TryDecodeFromUtf8(name, raw, out _);
        if (!decoded)
        {
            return false;
        }

        ReadOnlySpan<byte> given = raw[HashesSize..length];
        if (stored.Length <= DirectBytes)
        {
            return given.SequenceEqual(stored);
        }

        Span<byte> digest = stackalloc byte[Sha256.Size];
        Sha256.Compute(stored[DirectBytes..], digest);
        return given.Length == DirectBytes + Sha256.Size && given[..DirectBytes].SequenceEqual(stored[..DirectBytes])
            && given[DirectBytes..].SequenceEqual(digest);
    }

    /// <summary>The target of an encrypted link: its length in two bytes, then ciphertext, shown like a name.</summary>
    public static int SymlinkTarget(Inode inode, ReadOnlySpan<byte> stored, Span<byte> target)
    {
        int length = stored.Length < sizeof(ushort) ? 0 : stored.U16(0);
        if (length < MinimumCiphertext || length > stored.Length - sizeof(ushort))
        {
            throw Ext4Exception.Corrupted(
                CorruptionReason.EncryptedSymlink, inode.Number.Value, value: (uint)length, limit: (uint)stored.Length);
        }

        Span<byte> name = stackalloc byte[MaximumLength];
        int written = Math.Min(Encode(stored.Slice(sizeof(ushort), length), 0, 0, name), target.Length);
        name[..written].CopyTo(target);
        return written;
    }
}
