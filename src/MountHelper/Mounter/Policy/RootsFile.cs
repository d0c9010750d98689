using ServiceHost.Linux;

namespace MountHelper;

/// <summary>A short configuration file that nobody but root can have written. Read through one descriptor, which is what was checked.</summary>
internal static class RootsFile
{
    public const int MaxBytes = 64 * 1024;
    private const ModeBits OthersMayWrite = (ModeBits)0x12; // 0022

    /// <summary>null when there is no such file; <paramref name="shown"/> is its name for messages.</summary>
    public static byte[]? Read(CString path, string shown)
    {
        const OpenFlags Careful = OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal;
        Errno errno = Libc.Openat(Fd.Cwd, path, Careful, 0, out OwnedFd file);
        using (file)
        {
            if (errno == Errno.ENOENT)
            {
                return null;
            }

            ThrowIfError(errno, shown);
            ThrowIfError(Libc.Statx(file, StatxMask.BasicStats, out Statx status), shown);
            MountFailedException.ThrowIfBroken(Rule.PolicyIsRoots,
                !status.IsRegular || status.Uid != 0 || (status.Mode & OthersMayWrite) != 0,
                $"{shown} is not a file that only root can write", $"chown root {shown} and chmod 644 {shown}");
            return ReadAll(file, shown);
        }
    }

    private static byte[] ReadAll(OwnedFd file, string shown)
    {
        byte[] buffer = new byte[MaxBytes + 1];
        int length = 0;
        while (true)
        {
            ThrowIfError(Libc.Read(file, buffer.AsSpan(length), out int count), shown);
            length += count;
            MountFailedException.ThrowIfBroken(Rule.PolicyIsRoots, length > MaxBytes, $"{shown} is longer than {MaxBytes} bytes");
            if (count == 0)
            {
                return buffer[..length];
            }
        }
    }

    private static void ThrowIfError(Errno errno, string shown)
    {
        if (errno.IsError)
        {
            throw new MountFailedException(shown, errno);
        }
    }
}
