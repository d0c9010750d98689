namespace Servers.Ext4;

/// <summary>The way from the root of a hash tree to a leaf: for each level the node and the entry taken in it.</summary>
internal sealed class HashTreePath
{
    private const int MaximumLevels = 4;

    private readonly int[] _indexes = new int[MaximumLevels];
    private readonly uint[] _numbers = new uint[MaximumLevels];
    private readonly CachedBlock[] _blocks = new CachedBlock[MaximumLevels];

    public int Index(int level) => _indexes[level];

    public CachedBlock Block(int level) => _blocks[level];

    public void SetIndex(int level, int index) => _indexes[level] = index;

    public void Enter(int level, uint number, CachedBlock block) => (_numbers[level], _blocks[level]) = (number, block);

    /// <summary>Whether a block was met on the way down: the root is block 0.</summary>
    public bool Contains(uint number, int level) => _numbers.AsSpan(0, level + 1).Contains(number);
}
