using Servers.Ext4;

namespace Ext4.Tests;

/// <summary>A device that remembers hints and cannot read one of its places.</summary>
internal sealed class HintingDevice(IBlockDevice device) : IBlockDevice
{
    public long Length => device.Length;

    public List<(long Offset, long Length)> Hints { get; } = [];

    /// <summary>A read that touches this byte fails.</summary>
    public long Broken { get; init; } = -1;

    public bool ReadAt(long offset, Span<byte> buffer) =>
        !(Broken >= offset && Broken < offset + buffer.Length) && device.ReadAt(offset, buffer);

    public void ReadAhead(long offset, long length) => Hints.Add((offset, length));
}
