using Microsoft.Win32.SafeHandles;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>An image file that is read where it lies: the memory limit is for the library, not for the image.</summary>
internal sealed class FileDevice : IBlockDevice, IDisposable
{
    private readonly SafeFileHandle _file;

    public FileDevice(string path)
    {
        _file = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_file);
    }

    public long Length { get; }

    public bool ReadAt(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > Length - buffer.Length) return false;
        while (!buffer.IsEmpty)
        {
            int count = RandomAccess.Read(_file, buffer, offset);
            if (count == 0) return false;
            buffer = buffer[count..];
            offset += count;
        }

        return true;
    }

    public void ReadAhead(long offset, long length)
    {
    }

    public void Dispose() => _file.Dispose();
}
