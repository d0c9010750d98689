namespace ServiceHost.Linux;

/// <summary>Whole small files. A symbolic link as last component is an error, and a planted FIFO does not stop the caller.</summary>
internal static class SmallFile
{
    internal const OpenFlags Careful = OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal;

    /// <summary>EFBIG when the file is longer than <paramref name="limit"/>.</summary>
    internal static Errno Read(Fd directory, CString path, int limit, out byte[] contents)
    {
        contents = [];
        Errno errno = Libc.Openat(directory, path, OpenFlags.ReadOnly | Careful, 0, out OwnedFd file);
        if (errno.IsError)
        {
            return errno;
        }

        using (file)
        {
            return ReadToEnd(file, limit, out contents);
        }
    }

    internal static Errno WriteAll(Fd file, ReadOnlySpan<byte> contents)
    {
        while (!contents.IsEmpty)
        {
            Errno errno = Libc.Write(file, contents, out int count);
            if (errno.IsError && errno != Errno.EINTR)
            {
                return errno;
            }

            contents = contents[count..];
        }

        return Errno.None;
    }

    // Files of /proc have no size, so the buffer grows until a read finds the end.
    internal static Errno ReadToEnd(Fd file, int limit, out byte[] contents)
    {
        contents = [];
        byte[] buffer = new byte[Math.Min(limit, 4096) + 1];
        int length = 0;
        while (true)
        {
            Errno errno = Libc.Read(file, buffer.AsSpan(length), out int count);
            if (errno == Errno.EINTR)
            {
                continue;
            }

            length += count;
            if (errno.IsError || length > limit)
            {
                return errno.IsError ? errno : Errno.EFBIG;
            }

            if (count == 0)
            {
                contents = buffer[..length];
                return Errno.None;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(limit + 1, buffer.Length * 2));
            }
        }
    }
}
