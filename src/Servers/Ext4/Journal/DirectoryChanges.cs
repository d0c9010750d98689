using System.Text;

namespace Servers.Ext4;

/// <summary>
/// A directory whose names were changed by fast commits. Names that changed are answered from here and hidden in the directory's own
/// blocks; what those blocks say about them is looked up once, when the directory is first used.
/// </summary>
internal sealed class DirectoryChanges
{
    private readonly Dictionary<string, NameChanges> _names = new(StringComparer.Ordinal);
    private readonly Lock _entriesLock = new();

    // Guarded by _entriesLock until it is set; never changed after that.
    private List<(byte[] Name, uint Inode)>? _entries;

    /// <summary>The directory was made by a fast commit: its own blocks are not there, or are another one's.</summary>
    public bool IsNew { get; init; }

    /// <summary>What ".." leads to, for a new one.</summary>
    public uint Parent { get; init; }

    public void Add(ReadOnlySpan<byte> name, bool isLink, uint inode)
    {
        string key = Key(name);
        if (!_names.TryGetValue(key, out NameChanges? changes))
        {
            _names.Add(key, changes = new NameChanges());
        }

        changes.Add(isLink, inode);
    }

    /// <summary>Whether the directory's own blocks have nothing to say about a name.</summary>
    public bool Hides(ReadOnlySpan<byte> name) => IsNew || _names.ContainsKey(Key(name));

    /// <summary>True when the answer is here; it may be 0, no such name.</summary>
    public bool TryFind(VolumeCore core, Inode directory, in NameMatcher matcher, ReadOnlySpan<byte> name, out uint inode)
    {
        inode = 0;
        if (matcher.IsExact && !Hides(name))
        {
            return false;
        }

        foreach ((byte[] changed, uint target) in Entries(core, directory))
        {
            if (matcher.Matches(changed))
            {
                inode = target;
                return true;
            }
        }

        return matcher.IsExact || IsNew;
    }

    /// <summary>The names that changed and are there, in one order for ever: a listing counts them.</summary>
    public List<(byte[] Name, uint Inode)> Entries(VolumeCore core, Inode directory)
    {
        lock (_entriesLock)
        {
            return _entries ??= Resolve(core, directory);
        }
    }

    private List<(byte[] Name, uint Inode)> Resolve(VolumeCore core, Inode directory)
    {
        Dictionary<string, uint> stored = IsNew ? [] : Stored(core, directory);
        List<(byte[] Name, uint Inode)> entries = IsNew ? [("."u8.ToArray(), directory.Number.Value), (".."u8.ToArray(), Parent)] : [];
        foreach ((string name, NameChanges changes) in _names.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            uint inode = changes.After(stored.GetValueOrDefault(name));
            if (inode != 0)
            {
                entries.Add((Encoding.Latin1.GetBytes(name), inode));
            }
        }

        return entries;
    }

    // What cannot be read there is reported by whoever lists the directory.
    private Dictionary<string, uint> Stored(VolumeCore core, Inode directory)
    {
        Dictionary<string, uint> stored = new(StringComparer.Ordinal);
        var reader = DirectoryReader.OfStored(core, directory);
        while (reader.MoveNext())
        {
            string key = Key(reader.Current.Name);
            if (_names.ContainsKey(key))
            {
                stored.TryAdd(key, reader.Current.Inode.Value);
            }
        }

        return stored;
    }

    private static string Key(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name);
}
