namespace ServiceHost.Linux;

/// <summary>
/// What a child does with somebody else's identity and its parent cannot: the kernel decides by the ids of whoever asks, a FUSE
/// filesystem shows itself to its owner alone, and a filesystem that never answers costs only the child.
/// </summary>
public sealed unsafe partial class ChildProgram
{
    /// <summary>What access(2) is asked for.</summary>
    public const int WriteAccess = 2;
    public const int SearchAccess = 1;

    private readonly byte[] _nothing = [0];

    /// <summary>statx(2) of the descriptor itself, by what is cached, into slot <paramref name="index"/>.</summary>
    public void LookAt(Fd fd, SharedStatx results, int index)
    {
        ArgumentNullException.ThrowIfNull(results);
        Add(ChildStep.LookAt, SystemCallNumber.Statx, fd.Number, (nint)Copy(_nothing), (nint)(AtFlags.EmptyPath | AtFlags.StatxDontSync),
            (nint)StatxMask.BasicStats, (nint)results.At(index));
    }

    /// <summary>
    /// statx(2) of one name in a directory, by what is cached: what is mounted there, and a symbolic link itself. With the mount's unique
    /// id where the kernel has one.
    /// </summary>
    public void LookAtEntry(Fd directory, CString name, SharedStatx results, int index)
    {
        ArgumentNullException.ThrowIfNull(results);
        Add(ChildStep.LookAt, SystemCallNumber.Statx, directory.Number, (nint)Copy(name.Terminated),
            (nint)(AtFlags.SymlinkNoFollow | AtFlags.NoAutomount | AtFlags.StatxDontSync),
            (nint)(StatxMask.BasicStats | StatxMask.UniqueMountId), (nint)results.At(index));
    }

    /// <summary>faccessat2(2) of the descriptor itself, by the child's real ids.</summary>
    public void CheckAccess(Fd fd, int access) =>
        Add(ChildStep.CheckAccess, SystemCallNumber.Faccessat2, fd.Number, (nint)Copy(_nothing), access, (nint)AtFlags.EmptyPath);

    /// <summary>fchdir(2): paths of later steps begin there.</summary>
    public void ChangeDirectory(Fd directory) => Add(ChildStep.ChangeDirectory, SystemCallNumber.Fchdir, directory.Number);

    /// <summary>umount2(2).</summary>
    public void Unmount(CString target, UnmountFlags flags) =>
        Add(ChildStep.Unmount, SystemCallNumber.Umount2, (nint)Copy(target.Terminated), (nint)flags);
}
