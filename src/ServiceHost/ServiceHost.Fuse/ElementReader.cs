using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>Reads the structures behind a counted head one by one; their number and the bytes that are there must agree exactly.</summary>
internal ref struct ElementReader<T>
    where T : unmanaged
{
    private ReadOnlySpan<byte> _rest;

    private ElementReader(ReadOnlySpan<byte> rest) => _rest = rest;

    public static bool TryCreate(ReadOnlySpan<byte> data, uint count, out ElementReader<T> reader)
    {
        reader = new ElementReader<T>(data);
        return (long)count * Unsafe.SizeOf<T>() == data.Length;
    }

    public bool TryRead(out T element)
    {
        if (!MemoryMarshal.TryRead(_rest, out element))
        {
            return false;
        }

        _rest = _rest[Unsafe.SizeOf<T>()..];
        return true;
    }
}
