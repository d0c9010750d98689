using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// /etc/fuservice.conf: what root allows beyond the rule that a server gets the caller's SOURCE and nothing else. Without the file
/// nothing more is allowed. A file that somebody else could have written, or that cannot be understood, ends the mount: half a
/// policy is none.
/// </summary>
public sealed class MountPolicy
{
    public const string Path = "/etc/fuservice.conf";

    private const int MaxBytes = 64 * 1024;
    private const ModeBits OthersMayWrite = (ModeBits)0x12; // 0022

    private readonly IReadOnlyList<PolicyEntry> _entries;

    private MountPolicy(IReadOnlyList<PolicyEntry> entries) => _entries = entries;

    public static MountPolicy Empty { get; } = new([]);

    public static MountPolicy Load() => Load(CString.FromTerminated("/etc/fuservice.conf\0"u8));

    public static MountPolicy Load(CString path)
    {
        Errno errno = Libc.Openat(Fd.Cwd, path, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, 0, out OwnedFd file);
        using (file)
        {
            if (errno == Errno.ENOENT)
            {
                return Empty;
            }

            ThrowIfError(errno);
            ThrowIfError(Libc.Statx(file, StatxMask.BasicStats, out Statx status));
            MountFailedException.ThrowIfBroken(Rule.PolicyIsRoots,
                !status.IsRegular || status.Uid != 0 || (status.Mode & OthersMayWrite) != 0,
                $"the policy {Path} is not a file that only root can write", $"chown root {Path} and chmod 644 {Path}");
            return new MountPolicy(PolicyReader.Read(ReadAll(file)));
        }
    }

    public PolicyEntry? FindRole(string type, string role)
    {
        foreach (PolicyEntry entry in _entries)
        {
            if (entry.Type == type && entry.Role == role)
            {
                return entry;
            }
        }

        return null;
    }

    public PolicyEntry? FindPath(string type, ReadOnlySpan<byte> path)
    {
        foreach (PolicyEntry entry in _entries)
        {
            if (entry.Type == type && entry.Role is null && path.SequenceEqual(entry.Path))
            {
                return entry;
            }
        }

        return null;
    }

    private static byte[] ReadAll(OwnedFd file)
    {
        byte[] buffer = new byte[MaxBytes];
        int length = 0;
        while (true)
        {
            MountFailedException.ThrowIfBroken(Rule.PolicyIsRoots, length == buffer.Length, $"the policy {Path} is too long");
            ThrowIfError(Libc.Read(file, buffer.AsSpan(length), out int count));
            if (count == 0)
            {
                return buffer[..length];
            }

            length += count;
        }
    }

    private static void ThrowIfError(Errno errno)
    {
        if (errno.IsError)
        {
            throw new MountFailedException($"the policy {Path}", errno);
        }
    }
}
