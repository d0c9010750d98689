namespace Servers.Ext4;

/// <summary>
/// Metadata blocks within a fixed number of bytes. Sharded, so that readers on several threads seldom meet; each shard evicts by the
/// clock algorithm, which needs no list to be relinked on a hit.
/// </summary>
internal sealed class MetadataCache
{
    private const int ShardCount = 16;
    private const int MinimumBlocksPerShard = 4;

    private readonly Shard[] _shards = new Shard[ShardCount];

    public MetadataCache(long budget, int blockSize)
    {
        int perShard = (int)Math.Clamp(budget / blockSize / ShardCount, MinimumBlocksPerShard, int.MaxValue / 2);
        for (int i = 0; i < ShardCount; i++)
        {
            _shards[i] = new Shard(perShard);
        }
    }

    public bool TryGet(FsBlock number, out CachedBlock? block) => ShardOf(number).TryGet(number.Value, out block);

    /// <summary>Adds a block, or gives the one that another thread added in the meantime.</summary>
    public CachedBlock Add(CachedBlock block) => ShardOf(block.Number).Add(block);

    private Shard ShardOf(FsBlock number) => _shards[number.Value % ShardCount];

    private sealed class Shard(int capacity)
    {
        private readonly Lock _entriesLock = new();

        // Both guarded by _entriesLock; the ring holds exactly the values of the dictionary.
        private readonly Dictionary<ulong, CachedBlock> _entries = [];
        private readonly List<CachedBlock> _ring = [];
        private int _hand;

        public bool TryGet(ulong number, out CachedBlock? block)
        {
            lock (_entriesLock)
            {
                if (!_entries.TryGetValue(number, out block))
                {
                    return false;
                }
            }

            block.Referenced = true;
            return true;
        }

        public CachedBlock Add(CachedBlock block)
        {
            lock (_entriesLock)
            {
                if (_entries.TryGetValue(block.Number.Value, out CachedBlock? present))
                {
                    return present;
                }

                _entries.Add(block.Number.Value, block);
                if (_ring.Count < capacity)
                {
                    _ring.Add(block);
                    return block;
                }

                Replace(block);
                return block;
            }
        }

        private void Replace(CachedBlock block)
        {
            while (_ring[_hand].Referenced)
            {
                _ring[_hand].Referenced = false;
                _hand = (_hand + 1) % capacity;
            }

            _entries.Remove(_ring[_hand].Number.Value);
            _ring[_hand] = block;
            _hand = (_hand + 1) % capacity;
        }
    }
}
