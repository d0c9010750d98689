namespace ServiceHost.Linux;

/// <summary>Bytes that travel as a descriptor and cannot change after the receiver has checked them.</summary>
public static class SealedMemfd
{
    /// <summary>A memfd with exactly <paramref name="content"/>, sealed against every change.</summary>
    public static Errno Create(CString name, ReadOnlySpan<byte> content, out OwnedFd fd)
    {
        Errno errno = Libc.MemfdCreate(name, out fd);
        for (int written = 0; errno.IsOk && written < content.Length;)
        {
            errno = Libc.Pwrite(fd, content[written..], written, out int count);
            written += count;
        }

        if (errno.IsOk)
        {
            errno = Libc.AddSeals(fd, FileSeals.Immutable);
        }

        if (errno.IsError)
        {
            fd.Dispose();
        }

        return errno;
    }

    /// <summary>
    /// Reads all of <paramref name="fd"/> into a private array. EINVAL when it is not in memory (a FIFO or a file of somebody
    /// else's filesystem could make the reader wait), EFBIG when it has more than <paramref name="maxBytes"/>.
    /// </summary>
    public static Errno ReadAll(Fd fd, int maxBytes, out FileSeals seals, out byte[] content)
    {
        content = [];
        Errno errno = Libc.GetSeals(fd, out seals);
        if (errno.IsError)
        {
            return errno;
        }

        byte[] buffer = new byte[maxBytes + 1];
        int length = 0;
        while (length < buffer.Length)
        {
            errno = Libc.Pread(fd, buffer.AsSpan(length), length, out int count);
            if (errno.IsError)
            {
                return errno;
            }

            if (count == 0)
            {
                content = buffer[..length];
                return Errno.None;
            }

            length += count;
        }

        return Errno.EFBIG;
    }
}
