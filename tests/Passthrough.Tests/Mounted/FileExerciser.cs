using System.IO.MemoryMappedFiles;
using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>
/// Random operations on a file, the same ones on a buffer, and a comparison whenever something is read: the idea of fsx. A failure names the seed's
/// operations that came last.
/// </summary>
internal sealed class FileExerciser(string path, int seed)
{
    private const int MaxSize = 256 * 1024;
    private const int MaxTransfer = 32 * 1024;
    private const int History = 12;
    private readonly Random _random = new(seed);
    private readonly byte[] _shadow = new byte[MaxSize];
    private readonly byte[] _scratch = new byte[MaxSize];
    private readonly Queue<string> _history = new();
    private int _size;

    public void Run(int operations)
    {
        Check(Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadWrite | OpenFlags.Create, 0x1A4, out OwnedFd file));
        using (file)
        {
            for (int i = 0; i < operations; i++)
            {
                One(file);
            }

            Compare(file, 0, _size);
        }
    }

    private void One(OwnedFd file)
    {
        int offset = _random.Next(MaxSize);
        int length = Math.Min(_random.Next(1, MaxTransfer), MaxSize - offset);
        switch (_random.Next(10))
        {
            case 0 or 1:
                Write(file, offset, length);
                break;
            case 2 or 3:
                Note($"read {offset} {length}");
                Compare(file, offset, length);
                break;
            case 4:
                Truncate(file, offset);
                break;
            case 5:
                MapRead(offset, length);
                break;
            case 6:
                MapWrite(offset, length);
                break;
            case 7:
                Zero(file, FallocateMode.PunchHole | FallocateMode.KeepSize, offset, length);
                break;
            case 8:
                Allocate(file, offset, length);
                break;
            default:
                Copy(file, offset, length);
                break;
        }
    }

    private void Write(OwnedFd file, int offset, int length)
    {
        Note($"write {offset} {length}");
        _random.NextBytes(_scratch.AsSpan(0, length));
        Check(Libc.Pwrite(file, _scratch.AsSpan(0, length), offset, out int count));
        Require(count == length, $"wrote {count}");
        Store(offset, _scratch.AsSpan(0, length));
    }

    private void Truncate(OwnedFd file, int size)
    {
        Note($"truncate {size}");
        Check(Libc.Ftruncate(file, size));
        if (size < _size)
        {
            _shadow.AsSpan(size, _size - size).Clear();
        }

        _size = size;
        Check(Libc.Statx(file, StatxMask.Size, out Statx stat));
        Require(stat.Size == (ulong)size, $"the size is {stat.Size}");
    }

    private void MapRead(int offset, int length)
    {
        length = Math.Min(length, _size - offset);
        if (length <= 0)
        {
            return;
        }

        Note($"mapread {offset} {length}");
        using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.ReadWrite);
        using MemoryMappedViewAccessor view = mapped.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        view.ReadArray(0, _scratch, 0, length);
        Require(_scratch.AsSpan(0, length).SequenceEqual(_shadow.AsSpan(offset, length)), "the mapping has other bytes");
    }

    private void MapWrite(int offset, int length)
    {
        length = Math.Min(length, _size - offset);
        if (length <= 0)
        {
            return;
        }

        Note($"mapwrite {offset} {length}");
        _random.NextBytes(_scratch.AsSpan(0, length));
        using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.ReadWrite);
        using MemoryMappedViewAccessor view = mapped.CreateViewAccessor(offset, length, MemoryMappedFileAccess.ReadWrite);
        view.WriteArray(0, _scratch, 0, length);
        Store(offset, _scratch.AsSpan(0, length));
    }

    private void Zero(OwnedFd file, FallocateMode mode, int offset, int length)
    {
        Note($"punch {offset} {length}");
        Check(Libc.Fallocate(file, mode, offset, length));
        int end = Math.Min(offset + length, _size);
        if (offset < end)
        {
            _shadow.AsSpan(offset, end - offset).Clear();
        }
    }

    private void Allocate(OwnedFd file, int offset, int length)
    {
        Note($"fallocate {offset} {length}");
        Check(Libc.Fallocate(file, FallocateMode.Allocate, offset, length));
        _size = Math.Max(_size, offset + length);
    }

    private void Copy(OwnedFd file, int offset, int length)
    {
        int target = _random.Next(MaxSize - length + 1);
        length = Math.Min(length, _size - offset);
        if (length <= 0 || Math.Abs(target - offset) < length)
        {
            return;
        }

        Note($"copy {offset} {target} {length}");
        for (int done = 0; done < length;)
        {
            Check(Libc.CopyFileRange(file, offset + done, file, target + done, length - done, out long copied));
            Require(copied > 0, "nothing was copied");
            done += (int)copied;
        }

        _shadow.AsSpan(offset, length).CopyTo(_scratch);
        Store(target, _scratch.AsSpan(0, length));
    }

    private void Compare(OwnedFd file, int offset, int length)
    {
        Check(Libc.Pread(file, _scratch.AsSpan(0, length), offset, out int count));
        int expected = Math.Clamp(_size - offset, 0, length);
        Require(count == expected, $"read {count} bytes, not {expected}");
        int different = _scratch.AsSpan(0, count).CommonPrefixLength(_shadow.AsSpan(offset, count));
        Require(different == count, $"byte {offset + different} differs");
    }

    private void Store(int offset, ReadOnlySpan<byte> data)
    {
        data.CopyTo(_shadow.AsSpan(offset));
        _size = Math.Max(_size, offset + data.Length);
    }

    private void Note(string operation)
    {
        _history.Enqueue(operation);
        if (_history.Count > History)
        {
            _history.Dequeue();
        }
    }

    private void Check(Errno errno) => Require(errno.IsOk, errno.ToString());

    private void Require(bool condition, string what)
    {
        if (!condition)
        {
            Assert.Fail($"seed {seed}, size {_size}: {what}; last: {string.Join("; ", _history)}");
        }
    }
}
