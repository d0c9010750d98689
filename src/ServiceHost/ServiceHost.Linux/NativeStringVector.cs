using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>A char*[] with its closing null pointer, as execve(2) takes it; the memory lives until Dispose.</summary>
internal sealed unsafe class NativeStringVector : IDisposable
{
    private readonly int _count;

    public NativeStringVector(IReadOnlyList<byte[]> strings)
    {
        _count = strings.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < _count; i++)
        {
            byte[] bytes = strings[i];
            Pointer[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(Pointer[i], bytes.Length));
        }
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
        {
            NativeMemory.Free(Pointer[i]);
        }

        NativeMemory.Free(Pointer);
    }
}
