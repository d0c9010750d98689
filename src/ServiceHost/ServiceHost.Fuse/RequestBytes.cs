using System.Runtime.CompilerServices;

namespace ServiceHost.Fuse;

/// <summary>
/// What follows the header of a request: the structure of its opcode, then names and data. /dev/fuse delivers both in one piece; a ring has
/// a place of its own for the structure.
/// </summary>
internal readonly ref struct RequestBytes
{
    private readonly ReadOnlySpan<byte> _structure;
    private readonly bool _isSplit;

    private RequestBytes(ReadOnlySpan<byte> structure, ReadOnlySpan<byte> rest, bool isSplit)
    {
        _structure = structure;
        _isSplit = isSplit;
        Rest = rest;
    }

    /// <summary>What the structure was not taken from yet: all of it in one piece, or what lies beside it.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>As <see cref="FuseInHeader.Len"/> counts.</summary>
    public int Length => Unsafe.SizeOf<FuseInHeader>() + _structure.Length + Rest.Length;

    /// <param name="request">A packet with its header.</param>
    public static RequestBytes Contiguous(ReadOnlySpan<byte> request) => Behind(request[Unsafe.SizeOf<FuseInHeader>()..]);

    /// <param name="rest">A packet without its header.</param>
    public static RequestBytes Behind(ReadOnlySpan<byte> rest) => new(default, rest, isSplit: false);

    /// <param name="structure">Exactly the structure.</param>
    /// <param name="rest">Names and data.</param>
    public static RequestBytes Split(ReadOnlySpan<byte> structure, ReadOnlySpan<byte> rest) => new(structure, rest, isSplit: true);

    /// <summary>Separates the structure, which has <paramref name="size"/> bytes, from names and data. False when it is not there.</summary>
    public bool TryTake(int size, out ReadOnlySpan<byte> structure, out ReadOnlySpan<byte> rest)
    {
        bool fits = _isSplit ? _structure.Length == size : Rest.Length >= size;
        structure = !fits ? default : _isSplit ? _structure : Rest[..size];
        rest = !fits ? default : _isSplit ? Rest : Rest[size..];
        return fits;
    }
}
