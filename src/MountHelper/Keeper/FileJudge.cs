using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Keeper;

/// <summary>
/// Whether a file may stand behind files of the mount. Only the kernel is asked: a question that reached the filesystem of the file would
/// give whoever serves that one the power to stall this keeper.
/// </summary>
internal sealed class FileJudge(IReadOnlyList<KeeperClones> clones)
{
    public const AtFlags KernelOnly = AtFlags.EmptyPath | AtFlags.NoAutomount | AtFlags.StatxDontSync;

    private const StatxAttributes Protected = StatxAttributes.Append | StatxAttributes.Immutable;

    private readonly ulong[] _readWriteMounts = [.. clones.Select(static pair => pair.ReadWriteMountId)];
    private readonly ulong[] _readOnlyMounts = [.. clones.Select(static pair => pair.ReadOnlyMountId)];

    public KeeperRefusal Judge(Fd file)
    {
        bool known = Libc.GetOpenFlags(file, out OpenFlags flags).IsOk;
        if (KeeperRule.FilesAreOpened.IsBrokenBy(!known || flags.HasFlag(OpenFlags.Path)))
        {
            return KeeperRefusal.OnlyAPlace;
        }

        // A file that its server keeps to another user is one more that cannot be on a clone.
        known = Libc.Statx(file, default, KernelOnly, StatxMask.Type | StatxMask.UniqueMountId, out Statx status).IsOk;
        if (KeeperRule.FilesAreRegular.IsBrokenBy(known && !status.IsRegular))
        {
            return KeeperRefusal.NotARegularFile;
        }

        ulong mount = known && status.Mask.HasFlag(StatxMask.UniqueMountId) ? status.MountId : 0;
        return (flags & OpenFlags.AccessModeMask) switch
        {
            OpenFlags.ReadOnly => JudgeReading(mount),
            OpenFlags.ReadWrite => JudgeWriting(mount, status.Attributes),
            _ => KeeperRule.FilesCanBeRead.IsBrokenBy(true) ? KeeperRefusal.WriteOnly : JudgeWriting(mount, status.Attributes),
        };
    }

    private KeeperRefusal JudgeReading(ulong mount)
    {
        bool ours = mount != 0 && _readOnlyMounts.Contains(mount);
        return KeeperRule.ReadingHasItsClone.IsBrokenBy(!ours) ? KeeperRefusal.NotForReading : KeeperRefusal.None;
    }

    private KeeperRefusal JudgeWriting(ulong mount, StatxAttributes attributes)
    {
        bool ours = mount != 0 && _readWriteMounts.Contains(mount);
        return KeeperRule.WritingHasItsClone.IsBrokenBy(!ours) ? KeeperRefusal.NotForWriting
            : KeeperRule.ProtectedFilesStaySo.IsBrokenBy((attributes & Protected) != 0) ? KeeperRefusal.Protected
            : KeeperRefusal.None;
    }
}
