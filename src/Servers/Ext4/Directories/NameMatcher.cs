namespace Servers.Ext4;

/// <summary>When a stored name is the one that is looked for: byte for byte, case-insensitively, or as the stand-in of an encrypted name.</summary>
internal readonly ref struct NameMatcher
{
    private readonly ReadOnlySpan<byte> _name;
    private readonly bool _folded;
    private readonly bool _encrypted;

    public NameMatcher(Inode directory, ReadOnlySpan<byte> name)
    {
        bool dots = name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);
        _name = name;
        _encrypted = directory.IsEncrypted && !dots;
        _folded = directory.Has(InodeFlags.CaseFold) && !_encrypted && !dots;
    }

    /// <summary>The stored bytes are the name, so that its hash can be computed.</summary>
    public bool IsExact => !_folded && !_encrypted;

    public bool Matches(ReadOnlySpan<byte> stored)
    {
        if (_encrypted)
        {
            return EncryptedNames.Matches(stored, _name);
        }

        return stored.SequenceEqual(_name) || (_folded && CaseFolding.Equal(stored, _name));
    }
}
