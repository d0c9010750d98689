using System.Text;

namespace ServiceHost.Linux;

/// <summary>
/// The namespaces of a process, by the inode numbers of nsfs; two processes share one exactly when the numbers are equal. 0: not known.
/// </summary>
public readonly record struct NamespaceIds(uint User, uint Mount, uint Network, uint Ipc, uint Uts)
{
    /// <summary>Reads those below <paramref name="processDirectory"/>; <paramref name="prefix"/> leads from there to the process.</summary>
    public static NamespaceIds Read(Fd processDirectory, string prefix) => new(
        ReadOne(processDirectory, prefix, "user"),
        ReadOne(processDirectory, prefix, "mnt"),
        ReadOne(processDirectory, prefix, "net"),
        ReadOne(processDirectory, prefix, "ipc"),
        ReadOne(processDirectory, prefix, "uts"));

    /// <summary>The caller's own.</summary>
    public static NamespaceIds ReadOwn() => Read(Fd.Cwd, "/proc/self/");

    // The link is followed by statx, which no Landlock rule is needed for.
    private static uint ReadOne(Fd directory, string prefix, string name)
    {
        byte[] path = Encoding.UTF8.GetBytes($"{prefix}ns/{name}\0");
        return Libc.Statx(directory, CString.FromTerminated(path), AtFlags.None, StatxMask.Ino, out Statx stat).IsOk ? (uint)stat.Ino : 0;
    }
}
