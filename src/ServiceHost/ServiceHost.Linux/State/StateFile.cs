namespace ServiceHost.Linux;

/// <summary>The few file calls that small files of state (/proc, /run) need; symbolic links are never followed in the last component.</summary>
internal static unsafe class StateFile
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    private const int O_CLOEXEC = 0x80000;
    private const int O_NONBLOCK = 0x800;
    private const int O_NOFOLLOW_X64 = 0x20000;
    private const int O_NOFOLLOW_ARM64 = 0x8000;
    private const int O_DIRECTORY_X64 = 0x10000;
    private const int O_DIRECTORY_ARM64 = 0x4000;

    internal static int O_NOFOLLOW => IsArm64 ? O_NOFOLLOW_ARM64 : O_NOFOLLOW_X64;

    internal static int O_DIRECTORY => IsArm64 ? O_DIRECTORY_ARM64 : O_DIRECTORY_X64;

    private static bool IsArm64 => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
        == System.Runtime.InteropServices.Architecture.Arm64;

    /// <summary>openat(2) with O_CLOEXEC, O_NOFOLLOW, and O_NONBLOCK so that a planted FIFO cannot stop the caller.</summary>
    internal static Errno Open(Fd directory, CString path, int flags, uint mode, out OwnedFd file)
    {
        fixed (byte* p = path.Terminated)
        {
            long result = SystemCall.Call(
                SystemCallNumber.Openat, directory.Number, (nint)p, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, (nint)mode);
            Errno errno = Errno.Of(result);
            file = OwnedFd.Take((int)result);
            return errno;
        }
    }

    /// <summary>openat(2) for reading of a magic link of /proc, which has to be followed.</summary>
    internal static Errno OpenFollowing(CString path, out OwnedFd file)
    {
        fixed (byte* p = path.Terminated)
        {
            long result = SystemCall.Call(SystemCallNumber.Openat, Fd.Cwd.Number, (nint)p, O_RDONLY | O_CLOEXEC);
            Errno errno = Errno.Of(result);
            file = OwnedFd.Take((int)result);
            return errno;
        }
    }

    /// <summary>The whole file; EFBIG when it is longer than <paramref name="limit"/>.</summary>
    internal static Errno Read(Fd directory, CString path, int limit, out byte[] contents)
    {
        contents = [];
        Errno errno = Open(directory, path, O_RDONLY, 0, out OwnedFd file);
        if (errno.IsError)
        {
            return errno;
        }

        using (file)
        {
            return ReadToEnd(file, limit, out contents);
        }
    }

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

    internal static Errno MakeDirectory(Fd directory, CString name, uint mode)
    {
        fixed (byte* p = name.Terminated)
        {
            return Errno.Of(SystemCall.Call(SystemCallNumber.Mkdirat, directory.Number, (nint)p, (nint)mode));
        }
    }

    internal static Errno Rename(Fd directory, CString from, CString to)
    {
        fixed (byte* f = from.Terminated)
        fixed (byte* t = to.Terminated)
        {
            return Errno.Of(SystemCall.Call(
                SystemCallNumber.Renameat2, directory.Number, (nint)f, directory.Number, (nint)t, 0));
        }
    }

    internal static Errno Unlink(Fd directory, CString name)
    {
        fixed (byte* p = name.Terminated)
        {
            return Errno.Of(SystemCall.Call(SystemCallNumber.Unlinkat, directory.Number, (nint)p, 0));
        }
    }
}
