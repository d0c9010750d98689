using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>Values that have broken parsers before, by what the field means.</summary>
internal sealed class HurtfulValues(Anatomy anatomy, Random random)
{
    private readonly Superblock _superblock = anatomy.Superblock;

    public ulong For(Field field, ulong before)
    {
        ulong mask = field.Width == 8 ? ulong.MaxValue : (1ul << (field.Width * 8)) - 1;
        return (random.Next(4) == 0 ? Any(before, mask) : Meant(field, before, mask)) & mask;
    }

    private ulong Any(ulong before, ulong mask) => random.Next(7) switch
    {
        0 => 0,
        1 => mask,
        2 => before + 1,
        3 => before - 1,
        4 => (mask >> 1) + (ulong)random.Next(2),
        5 => before ^ (1ul << random.Next(64)),
        _ => (ulong)random.NextInt64(),
    };

    private ulong Meant(Field field, ulong before, ulong mask) => field.Meaning switch
    {
        Meaning.Block => Block(before),
        Meaning.Inode => Inode(before),
        Meaning.Flags => before ^ (1ul << random.Next(field.Width * 8)),
        Meaning.Length => Length(before, mask),
        Meaning.FileBlock => Pick(before + 1, before * 2, 0, mask, (ulong)random.Next(64), 0x7FFF_FFFF),
        Meaning.Count => Pick(before + 1, before - 1, before * 2, 0, 1, mask, (ulong)random.Next(1024), 1ul << random.Next(32)),
        Meaning.Text => Pick(0, (ulong)'/', (ulong)'.', 0xFF, (ulong)random.Next(256)),
        _ => Pick(0, mask, before ^ 1, (ulong)random.NextInt64()),
    };

    // Loops and overlaps come from blocks that exist and belong to something else.
    private ulong Block(ulong before)
    {
        Structure other = anatomy.Structures[random.Next(anatomy.Structures.Count)];
        ulong count = _superblock.BlocksCount;
        return Pick(0, 1, count - 1, count, count + 1, (ulong)(other.Offset / _superblock.BlockSize), (ulong)random.NextInt64((long)count),
            before + 1, uint.MaxValue, (ulong)(other.Offset / _superblock.BlockSize));
    }

    private ulong Inode(ulong before)
    {
        uint count = _superblock.InodesCount;
        return Pick(0, 1, 2, InodeNumber.Journal.Value, _superblock.FirstInode, count, count + 1ul, uint.MaxValue,
            (ulong)random.NextInt64(count), (ulong)random.NextInt64(_superblock.FirstInode, _superblock.FirstInode + 30), before + 1);
    }

    private ulong Length(ulong before, ulong mask) => Pick(
        0, 1, before + 1, before - 1, before + 4, before - 4, before * 2, mask, (ulong)_superblock.BlockSize,
        (ulong)_superblock.BlockSize - 1, (ulong)random.Next(_superblock.BlockSize), 0x8000, 0x7FFF_FFFF);

    private ulong Pick(params ReadOnlySpan<ulong> values) => values[random.Next(values.Length)];
}
