using System.Buffers;

namespace Servers.Ext4;

/// <summary>Metadata through the cache, file data past it.</summary>
internal sealed class BlockReader(IBlockDevice device, Superblock superblock, long cacheBudget)
{
    // Inode tables are read in windows of this size: a walk asks for the neighbours next.
    private const int WindowBytes = 64 * 1024;

    private readonly MetadataCache _cache = new(cacheBudget, superblock.BlockSize);
    private readonly int _blockSize = superblock.BlockSize;
    private readonly int _blockBits = superblock.BlockBits;
    private readonly ulong _blocksCount = superblock.BlocksCount;

    /// <summary>One metadata block, from the cache if it is there.</summary>
    public CachedBlock Get(FsBlock number, uint inode = 0)
    {
        if (_cache.TryGet(number, out CachedBlock? cached))
        {
            return cached!;
        }

        byte[] data = GC.AllocateUninitializedArray<byte>(_blockSize);
        ReadData(number, 0, data, inode);
        return _cache.Add(new CachedBlock(number, data));
    }

    /// <summary>One block of an area whose neighbours are likely to be wanted too, such as an inode table.</summary>
    public CachedBlock GetWithNeighbours(FsBlock number, FsBlock areaStart, uint areaBlocks)
    {
        if (_cache.TryGet(number, out CachedBlock? cached))
        {
            return cached!;
        }

        uint window = (uint)Math.Max(1, WindowBytes / _blockSize);
        ulong first = (number.Value - areaStart.Value) / window * window;
        int count = (int)Math.Min(window, areaBlocks - first);
        return ReadWindow(areaStart.Add(first), count, number) ?? Get(number);
    }

    /// <summary>File data: straight from the device into the caller's buffer. The blocks were checked by whoever mapped them.</summary>
    public void ReadData(FsBlock start, long offsetInside, Span<byte> buffer, uint inode)
    {
        if (start.Value >= _blocksCount || !device.ReadAt(((long)start.Value << _blockBits) + offsetInside, buffer))
        {
            throw Ext4Exception.Io(CorruptionReason.DeviceFailed, inode, start.Value);
        }
    }

    public void ReadAhead(FsBlock start, uint blocks) =>
        device.ReadAhead((long)start.Value << _blockBits, (long)blocks << _blockBits);

    // Null when the window as a whole cannot be read: then the one block that matters is tried alone.
    private CachedBlock? ReadWindow(FsBlock start, int count, FsBlock wanted)
    {
        if (start.Value + (ulong)count > _blocksCount)
        {
            return null;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(count * _blockSize);
        try
        {
            if (!device.ReadAt((long)start.Value << _blockBits, buffer.AsSpan(0, count * _blockSize)))
            {
                return null;
            }

            return AddAll(start, count, wanted, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private CachedBlock? AddAll(FsBlock start, int count, FsBlock wanted, byte[] buffer)
    {
        CachedBlock? result = null;
        for (int i = 0; i < count; i++)
        {
            FsBlock number = start.Add((ulong)i);
            CachedBlock block = _cache.TryGet(number, out CachedBlock? present)
                ? present!
                : _cache.Add(new CachedBlock(number, buffer.AsSpan(i * _blockSize, _blockSize).ToArray()));
            result = number == wanted ? block : result;
        }

        return result;
    }
}
