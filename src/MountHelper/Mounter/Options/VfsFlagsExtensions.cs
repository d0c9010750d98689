using ServiceHost.Linux;

namespace MountHelper;

/// <summary>The two forms in which the kernel takes the flags, and the words for a server of v1.</summary>
public static class VfsFlagsExtensions
{
    private static readonly (VfsFlags Flag, MountAttributes Attribute)[] s_attributes =
    [
        (VfsFlags.ReadOnly, MountAttributes.ReadOnly),
        (VfsFlags.NoSuid, MountAttributes.NoSuid),
        (VfsFlags.NoDev, MountAttributes.NoDev),
        (VfsFlags.NoExec, MountAttributes.NoExec),
        (VfsFlags.NoSymfollow, MountAttributes.NoSymFollow),
        (VfsFlags.NoAtime, MountAttributes.NoAtime),
        (VfsFlags.StrictAtime, MountAttributes.StrictAtime),
        (VfsFlags.NoDirAtime, MountAttributes.NoDirAtime),
    ];

    private static readonly (VfsFlags Flag, string Word)[] s_superblockWords =
    [
        (VfsFlags.ReadOnly, "ro"),
        (VfsFlags.Synchronous, "sync"),
        (VfsFlags.DirSync, "dirsync"),
        (VfsFlags.LazyTime, "lazytime"),
    ];

    /// <summary>What only a new mount can set.</summary>
    public static IReadOnlyList<(VfsFlags Flag, string Word)> SuperblockOnlyWords { get; } =
    [
        (VfsFlags.Synchronous, "sync"),
        (VfsFlags.DirSync, "dirsync"),
        (VfsFlags.LazyTime, "lazytime"),
    ];

    // The words libfuse's option parser knows.
    private static readonly (VfsFlags Flag, string Word)[] s_serviceWords =
    [
        (VfsFlags.ReadOnly, "ro"),
        (VfsFlags.NoSuid, "nosuid"),
        (VfsFlags.NoDev, "nodev"),
        (VfsFlags.NoExec, "noexec"),
        (VfsFlags.NoSymfollow, "nosymfollow"),
        (VfsFlags.NoAtime, "noatime"),
        (VfsFlags.NoDirAtime, "nodiratime"),
        (VfsFlags.Synchronous, "sync"),
        (VfsFlags.DirSync, "dirsync"),
    ];

    public static MountAttributes ToAttributes(this VfsFlags flags)
    {
        MountAttributes attributes = MountAttributes.None;
        foreach ((VfsFlags flag, MountAttributes attribute) in s_attributes)
        {
            attributes |= flags.HasFlag(flag) ? attribute : MountAttributes.None;
        }

        return attributes;
    }

    public static IEnumerable<string> ToSuperblockWords(this VfsFlags flags) => Words(flags, s_superblockWords);

    /// <summary>libfuse starts from nosuid,nodev as we do, so their opposites have to be said.</summary>
    public static IEnumerable<string> ToServiceWords(this VfsFlags flags) => Words(flags, s_serviceWords)
        .Concat(flags.HasFlag(VfsFlags.NoSuid) ? [] : ["suid"])
        .Concat(flags.HasFlag(VfsFlags.NoDev) ? [] : ["dev"]);

    private static IEnumerable<string> Words(VfsFlags flags, (VfsFlags Flag, string Word)[] table) =>
        table.Where(entry => flags.HasFlag(entry.Flag)).Select(static entry => entry.Word);
}
