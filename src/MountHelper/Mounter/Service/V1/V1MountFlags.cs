using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// The MS_ bits of DOIT. A server may restrict its mount further than the caller did; a bit that would allow something, change another
/// mount or that nobody knows is none of its business.
/// </summary>
internal static class V1MountFlags
{
    private const MountFlags Neutral = MountFlags.RelAtime;

    private static readonly (MountFlags Bit, VfsFlags Flag)[] s_restrictions =
    [
        (MountFlags.ReadOnly, VfsFlags.ReadOnly),
        (MountFlags.NoSuid, VfsFlags.NoSuid),
        (MountFlags.NoDev, VfsFlags.NoDev),
        (MountFlags.NoExec, VfsFlags.NoExec),
        (MountFlags.NoSymFollow, VfsFlags.NoSymfollow),
        (MountFlags.NoAtime, VfsFlags.NoAtime),
        (MountFlags.NoDirAtime, VfsFlags.NoDirAtime),
        (MountFlags.Synchronous, VfsFlags.Synchronous),
        (MountFlags.Dirsync, VfsFlags.DirSync),
        (MountFlags.LazyTime, VfsFlags.LazyTime),
        (MountFlags.StrictAtime, VfsFlags.StrictAtime),
    ];

    /// <summary>The caller's flags with the server's restrictions.</summary>
    public static VfsFlags Restrict(VfsFlags callers, uint msFlags)
    {
        MountFlags rest = (MountFlags)msFlags & ~Neutral;
        VfsFlags flags = callers;
        foreach ((MountFlags bit, VfsFlags flag) in s_restrictions)
        {
            flags |= rest.HasFlag(bit) ? flag : VfsFlags.None;
            rest &= ~bit;
        }

        MountFailedException.ThrowIfBroken(Rule.V1FlagsOnlyRestrict, rest != 0,
            $"the server wanted to mount with the flags 0x{(ulong)rest:x}, which are not about its own mount");
        return flags.HasFlag(VfsFlags.NoAtime) ? flags & ~VfsFlags.StrictAtime : flags;
    }
}
