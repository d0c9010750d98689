using System.Buffers;
using System.Buffers.Binary;

namespace Servers.Ext4;

/// <summary>A device seen through its recovered journal: logged blocks come from their copies, the rest from where it always was.</summary>
internal sealed class RecoveredDevice(IBlockDevice device, JournalStore journal, JournalRecovery recovery) : IBlockDevice
{
    public long Length => device.Length;

    public bool ReadAt(long offset, Span<byte> buffer)
    {
        int blockSize = journal.BlockSize;
        while (!buffer.IsEmpty)
        {
            ulong block = (ulong)(offset / blockSize);
            int within = (int)(offset % blockSize);
            int plain = PlainBytes(block, within, buffer.Length);
            int count = plain != 0 ? plain : Math.Min(blockSize - within, buffer.Length);
            bool read = plain != 0
                ? device.ReadAt(offset, buffer[..count])
                : ReadCopy(recovery.Blocks[block], within, buffer[..count]);
            if (!read)
            {
                return false;
            }

            offset += count;
            buffer = buffer[count..];
        }

        return true;
    }

    public void ReadAhead(long offset, long length) => device.ReadAhead(offset, length);

    // How many bytes from here on are not in the journal: one read of the device serves them all.
    private int PlainBytes(ulong block, int within, int wanted)
    {
        int plain = 0;
        while (plain < wanted && !recovery.Blocks.ContainsKey(block))
        {
            plain = Math.Min(wanted, plain + journal.BlockSize - within);
            within = 0;
            block++;
        }

        return plain;
    }

    private bool ReadCopy(BlockFate fate, int within, Span<byte> buffer)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(journal.BlockSize);
        try
        {
            Span<byte> block = copy.AsSpan(0, journal.BlockSize);
            journal.Read(fate.LogBlock, block);
            if (fate.IsEscaped)
            {
                BinaryPrimitives.WriteUInt32BigEndian(block, JournalHeader.ExpectedMagic);
            }

            block.Slice(within, buffer.Length).CopyTo(buffer);
            return true;
        }
        catch (Ext4Exception)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
