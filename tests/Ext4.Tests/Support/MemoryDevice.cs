using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>A device in memory. Tests patch <see cref="Bytes"/> to make it lie.</summary>
public sealed class MemoryDevice(byte[] bytes) : IBlockDevice
{
    public byte[] Bytes { get; } = bytes;

    public long Length => Bytes.Length;

    public bool ReadAt(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > Length - buffer.Length)
        {
            return false;
        }

        Bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
        return true;
    }

    public void ReadAhead(long offset, long length)
    {
    }
}
