using System.Runtime.CompilerServices;

namespace ServiceHost.Linux;

/// <summary>
/// Two buffers that a driver is told of as one struct iovec array, and that it writes to whenever it has something to say: whoever tells
/// it of them keeps the pair alive until the driver has let go.
/// </summary>
public sealed unsafe class BufferPair
{
    internal const int Count = 2;

    private readonly PinnedPages _pages;
    private readonly int _firstLength;
    private readonly nint[] _vectors; // {base, length} twice

    /// <summary>The second buffer begins at a page.</summary>
    public BufferPair(int firstLength, int secondLength)
    {
        int secondStart = (firstLength + Environment.SystemPageSize - 1) & ~(Environment.SystemPageSize - 1);
        _firstLength = firstLength;
        _pages = new PinnedPages(secondStart + secondLength);
        _vectors = GC.AllocateArray<nint>(2 * Count, pinned: true);
        (_vectors[0], _vectors[1]) = (_pages.Address, firstLength);
        (_vectors[2], _vectors[3]) = (_pages.Address + secondStart, secondLength);
        SecondStart = secondStart;
    }

    public Span<byte> First => _pages.Span[.._firstLength];

    public Span<byte> Second => _pages.Span[SecondStart..];

    internal nint VectorAddress => (nint)Unsafe.AsPointer(ref _vectors[0]);

    private int SecondStart { get; }
}
