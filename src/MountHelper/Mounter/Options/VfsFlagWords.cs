namespace MountHelper;

/// <summary>
/// The mount-flag options of mount(8): each word clears some flags and sets some. The last word wins. mount(8) takes suid and dev for
/// its defaults and does not pass them on, so they have a second spelling, which it does pass, though never in its place: it puts
/// nosuid and nodev in front. So these two hold against the second spelling wherever they stand.
/// </summary>
public static class VfsFlagWords
{
    private const VfsFlags Atime = VfsFlags.NoAtime | VfsFlags.StrictAtime;

    /// <summary>False when <paramref name="word"/> is no mount flag.</summary>
    public static bool TryApply(OptionWord word, ref VfsFlags flags, ref VfsFlags mentioned)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.HasValue || !TryFind(word.Name, out VfsFlags clear, out VfsFlags set))
        {
            return false;
        }

        VfsFlags refused = mentioned & flags & (VfsFlags.NoSuid | VfsFlags.NoDev);
        clear &= word.Name.StartsWith("allow_", StringComparison.Ordinal) ? ~refused : ~VfsFlags.None;
        flags = (flags & ~clear) | set;
        mentioned |= clear | set;
        return true;
    }

    private static bool TryFind(string name, out VfsFlags clear, out VfsFlags set)
    {
        (clear, set) = name switch
        {
            "ro" => (VfsFlags.None, VfsFlags.ReadOnly),
            "rw" => (VfsFlags.ReadOnly, VfsFlags.None),
            "nosuid" => (VfsFlags.None, VfsFlags.NoSuid),
            "suid" or "allow_suid" => (VfsFlags.NoSuid, VfsFlags.None),
            "nodev" => (VfsFlags.None, VfsFlags.NoDev),
            "dev" or "allow_dev" => (VfsFlags.NoDev, VfsFlags.None),
            "noexec" => (VfsFlags.None, VfsFlags.NoExec),
            "exec" => (VfsFlags.NoExec, VfsFlags.None),
            "nosymfollow" => (VfsFlags.None, VfsFlags.NoSymfollow),
            "symfollow" => (VfsFlags.NoSymfollow, VfsFlags.None),
            "noatime" => (Atime, VfsFlags.NoAtime),
            "atime" or "relatime" or "norelatime" or "nostrictatime" => (Atime, VfsFlags.None),
            "strictatime" => (Atime, VfsFlags.StrictAtime),
            "nodiratime" => (VfsFlags.None, VfsFlags.NoDirAtime),
            "diratime" => (VfsFlags.NoDirAtime, VfsFlags.None),
            "sync" => (VfsFlags.None, VfsFlags.Synchronous),
            "async" => (VfsFlags.Synchronous, VfsFlags.None),
            "dirsync" => (VfsFlags.None, VfsFlags.DirSync),
            "lazytime" => (VfsFlags.None, VfsFlags.LazyTime),
            "nolazytime" => (VfsFlags.LazyTime, VfsFlags.None),
            _ => (VfsFlags.None, VfsFlags.None),
        };
        return (clear | set) != VfsFlags.None;
    }
}
