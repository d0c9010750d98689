using System.Text;
using ServiceHost.Linux;

namespace MountHelper.Mounting;

/// <summary>
/// libmount's own table in /run/mount/utab, with its lock. An entry there is what makes root's plain umount(8) call
/// umount.fuse.TYPE, and so lets us tidy up; without one it calls umount2 and nothing else.
/// </summary>
public static class UtabFile
{
    public const string DefaultDirectory = "/run/mount";
    private const string FileName = "utab";
    private const string LockName = "utab.lock";
    private const int MaxLength = 4 * 1024 * 1024;
    private const uint Readable = 0x1A4;
    private static readonly TimeSpan s_lockPatience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the entry of a mount, in place of one for the same mountpoint.</summary>
    public static Errno Add(ReadOnlySpan<byte> source, ReadOnlySpan<byte> mountpoint, string helper, string directory = DefaultDirectory)
    {
        string target = Mangle(mountpoint);
        string line = $"SRC={Mangle(source)} TARGET={target} ROOT=/ OPTS=uhelper={helper}";
        return Change(directory, lines =>
        {
            lines.RemoveAll(old => TargetOf(old) == target);
            lines.Add(line);
            return true;
        });
    }

    /// <summary>Removes the entry of a mountpoint, if there is one.</summary>
    public static Errno Remove(ReadOnlySpan<byte> mountpoint, string directory = DefaultDirectory)
    {
        string target = Mangle(mountpoint);
        return Change(directory, lines => lines.RemoveAll(old => TargetOf(old) == target) > 0);
    }

    private static Errno Change(string path, Predicate<List<string>> change)
    {
        Errno errno = StateDirectory.Open(path, 0x1ED, out StateDirectory? directory);
        if (errno.IsError)
        {
            return errno;
        }

        using (directory)
        {
            errno = directory!.Lock(LockName, Deadline.In(s_lockPatience), out OwnedFd held, Readable);
            if (errno.IsError)
            {
                return errno;
            }

            using (held)
            {
                return Rewrite(directory, change);
            }
        }
    }

    private static Errno Rewrite(StateDirectory directory, Predicate<List<string>> change)
    {
        Errno errno = directory.Read(FileName, MaxLength, out byte[] text);
        if (errno.IsError && errno != Errno.ENOENT)
        {
            return errno;
        }

        List<string> lines = [.. Encoding.Latin1.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        return change(lines)
            ? directory.Write(FileName, Encoding.Latin1.GetBytes(string.Concat(lines.Select(static l => l + "\n"))), Readable)
            : Errno.None;
    }

    private static string? TargetOf(string line) =>
        line.Split(' ').FirstOrDefault(static f => f.StartsWith("TARGET=", StringComparison.Ordinal))?["TARGET=".Length..];

    /// <summary>As libmount does: blank, tab, newline and backslash become a backslash and three octal digits.</summary>
    private static string Mangle(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte b in bytes)
        {
            if (b is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\\')
            {
                text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
            }
            else
            {
                text.Append((char)b);
            }
        }

        return text.ToString();
    }
}
