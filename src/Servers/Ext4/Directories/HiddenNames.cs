namespace Servers.Ext4;

/// <summary>Shows the names of an encrypted directory without its key, with the hash that a look-up of them may use.</summary>
internal sealed class HiddenNames
{
    private readonly HashSeed _seed;
    private readonly DirectoryHashVersion _version;
    private readonly bool _keyed;
    private readonly bool _hashed;

    private HiddenNames(Superblock superblock, Inode directory, HashTree? tree, bool hashed)
    {
        _seed = superblock.HashSeed;
        _version = tree?.Version ?? HashTree.VersionFor(superblock, superblock.DefaultHashVersion);
        _keyed = directory.Has(InodeFlags.CaseFold);
        _hashed = hashed && _version <= DirectoryHashVersion.TeaUnsigned;
    }

    /// <summary>Every encrypted directory has a policy; one without it is not shown, as in the kernel.</summary>
    public static HiddenNames For(VolumeCore core, Inode directory, HashTree? tree, bool hashed)
    {
        EncryptionPolicy.Require(core, directory);
        return new HiddenNames(core.Superblock, directory, tree, hashed);
    }

    public int Show(DirectoryRecord record, Span<byte> name)
    {
        if (_keyed)
        {
            return EncryptedNames.Encode(record.Name, record.KeyedHash.Major, record.KeyedHash.Minor, name);
        }

        NameHash hash = _hashed ? DirectoryHash.Compute(_version, record.Name, _seed) : default;
        return EncryptedNames.Encode(record.Name, hash.Major, hash.Minor, name);
    }
}
