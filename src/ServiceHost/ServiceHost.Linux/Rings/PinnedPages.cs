using System.Runtime.CompilerServices;

namespace ServiceHost.Linux;

/// <summary>
/// Bytes at an address that does not change, beginning at a page. Nothing is written to them here, so pages that nobody uses take no
/// memory. Managed memory: a span of it that is kept too long shows stale bytes and never somebody else's.
/// </summary>
public sealed unsafe class PinnedPages
{
    private const int PageSize = 4096;

    private readonly byte[] _array;
    private readonly int _start;
    private readonly int _length;

    public PinnedPages(int length)
    {
        _length = length;
        _array = GC.AllocateUninitializedArray<byte>(length + PageSize - 1, pinned: true);
        nint first = (nint)Unsafe.AsPointer(ref _array[0]);
        _start = (int)(-first & (PageSize - 1));
    }

    public Span<byte> Span => _array.AsSpan(_start, _length);

    public int Length => _length;

    /// <summary>Holds as long as this object lives.</summary>
    internal nint Address => (nint)Unsafe.AsPointer(ref _array[_start]);
}
