using System.Diagnostics.CodeAnalysis;

namespace Servers.Ext4;

/// <summary>
/// A filesystem that is open for reading. All operations may be called from several threads at once; none of them throws for what
/// stands on the disk, whatever stands there: they give an <see cref="Ext4Error"/>, and what is not damaged stays readable.
/// </summary>
public sealed partial class Ext4Volume
{
    private readonly VolumeCore _core;
    private readonly SpaceAccount _space;
    private readonly Inode _root;

    private Ext4Volume(VolumeCore core, SpaceAccount space, Inode root) => (_core, _space, _root) = (core, space, root);

    public Superblock Superblock => _core.Superblock;

    /// <summary>What was recovered from the journal; null when nothing had to be, or recovery was not wanted.</summary>
    public RecoverySummary? Recovery { get; private init; }

    /// <summary>Opens a filesystem, or says why it cannot be.</summary>
    public static MountRefusal? Open(IBlockDevice device, VolumeOptions options, [NotNullWhen(false)] out Ext4Volume? volume)
    {
        volume = null;
        try
        {
            Superblock superblock = ReadSuperblock(device, options.SuperblockAt);
            RecoveredState state = RecoveredState.Of(device, superblock, options);
            // What was in the journal may have been the superblock itself.
            superblock = state.Recovery == null ? superblock : ReadSuperblock(state.Device, options.SuperblockAt);
            var core = new VolumeCore(state.Device, superblock, options);
            if (state.FastCommits is { } pending)
            {
                core.Changes = FastCommitReplay.Run(core, pending.Journal, pending.Store, pending.Records);
            }

            (SpaceAccount space, Inode root) = new VolumeCheck(core).Run();
            volume = new Ext4Volume(core, space, root) { Recovery = state.Summary };
            return null;
        }
        catch (Ext4Exception exception)
        {
            return new MountRefusal(exception.Error, Explain(exception.Error, device));
        }
    }

    /// <summary>statfs; <paramref name="minix"/> counts the filesystem's own structures as space (mount option minixdf).</summary>
    public VolumeStatistics Statfs(bool minix) => _space.Statistics(minix);

    /// <summary>Whether another host seems to have the filesystem mounted; NotSupported where hosts do not tell (no MMP).</summary>
    public Ext4Error GetMultiMountState(out MultiMountState state)
    {
        state = default;
        if (!Superblock.Has(IncompatFeatures.MultiMountProtection))
        {
            return Ext4ErrorKind.NotSupported;
        }

        try
        {
            var number = new FsBlock(Superblock.MultiMountBlock);
            state = MultiMountState.Decode(_core.Blocks.Get(number).Bytes, number, Superblock);
            return Ext4Error.None;
        }
        catch (Ext4Exception exception)
        {
            return exception.Error;
        }
    }

    private static Superblock ReadSuperblock(IBlockDevice device, long at)
    {
        Span<byte> bytes = stackalloc byte[Superblock.Size];
        if (device.Length < at + Superblock.Size)
        {
            throw Ext4Exception.Corrupted(CorruptionReason.NotExt4, value: (ulong)device.Length, limit: (ulong)at + Superblock.Size);
        }

        if (!device.ReadAt(at, bytes))
        {
            throw Ext4Exception.Io(CorruptionReason.DeviceFailed, block: 1);
        }

        return Superblock.Decode(bytes, device.Length);
    }

    private static string Explain(in Ext4Error error, IBlockDevice device) => error.Reason switch
    {
        CorruptionReason.NotExt4 => ForeignFormat.Detect(device) is { } found
            ? $"no ext2, ext3 or ext4 filesystem: found {found}"
            : "no ext2, ext3 or ext4 filesystem",
        CorruptionReason.UnknownFeature =>
            $"unsupported feature: {FeatureNames.Describe((uint)(error.Value & ~error.Limit))}",
        CorruptionReason.BlockCountBeyondDevice =>
            $"the filesystem is cut short: {error.Limit} of its {error.Value} blocks are there",
        CorruptionReason.JournalDevice => "an external journal, not a filesystem",
        CorruptionReason.JournalMissing => "its journal is on another device: journal_path= names it, norecovery does without",
        CorruptionReason.NotAJournal => "what journal_path= names is no external journal",
        _ => $"the filesystem cannot be opened: {error}",
    };
}
