using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// Reads a directory in large pieces and hands out entries one by one, continuing where the last READDIR stopped without asking the source
/// again. A request for any other offset, and for the start, seeks. The kernel sends one READDIR at a time per open directory; the lock is
/// there so that a breach of that rule mixes entries at worst.
/// </summary>
internal sealed class DirectoryStream
{
    private const int BufferSize = 32 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private ulong _position;
    private bool _isPositioned;

    public Lock Gate { get; } = new();

    /// <summary>The next life of the handle starts at the beginning of another directory.</summary>
    public void Reset()
    {
        _start = _end = 0;
        _isPositioned = false;
    }

    /// <summary>Makes the entry behind <paramref name="offset"/> the next one.</summary>
    public Errno Seek(Fd directory, ulong offset)
    {
        if (_isPositioned && offset == _position && offset != 0)
        {
            return Errno.None;
        }

        Reset();
        Errno errno = Libc.Lseek(directory, (long)offset, SeekWhence.Set, out _);
        _isPositioned = errno.IsOk;
        _position = offset;
        return errno;
    }

    /// <summary>The next entry, still to be accepted; an empty name is the end of the directory.</summary>
    public Errno Peek(Fd directory, out Dirent entry)
    {
        entry = default;
        if (_start == _end)
        {
            Errno errno = Libc.Getdents64(directory, _buffer, out _end);
            _start = 0;
            if (errno.IsError || _end == 0)
            {
                _end = 0;
                return errno;
            }
        }

        DirentReader reader = new(_buffer.AsSpan(_start, _end - _start));
        return reader.TryRead(out entry) ? Errno.None : Errno.EIO;
    }

    /// <summary>The entry that <see cref="Peek"/> gave is in the reply.</summary>
    public void Accept(in Dirent entry)
    {
        _start += entry.RecordLength;
        _position = (ulong)entry.NextOffset;
    }
}
