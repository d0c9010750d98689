using ServiceHost;
using ServiceHost.Fuse;
using ServiceHost.MountProtocol;
using ServiceHost.Options;

namespace Servers.Ext4.Server;

/// <summary>The ext4 server as a service: its options, and how it wants to be mounted.</summary>
internal sealed class Ext4Service : FuseService
{
    private const long Kilobyte = 1024;
    private const long Megabyte = 1024 * 1024;
    private const SourceKinds Images = SourceKinds.RegularFile | SourceKinds.BlockDevice;

    public override string Type => "ext4";

    public override IReadOnlyList<string> Aliases => ["ext3", "ext2"];

    public override string Version => typeof(Ext4Service).Assembly.GetName().Version?.ToString(3) ?? "0";

    public override string Description => "ext2, ext3 and ext4, read-only, parsed by a process that can do nothing else";

    public override MountOptionTable Options { get; } = Ext4OptionTable.Table.With(IgnoredOptions.Table);

    public override IReadOnlyList<ServiceRole> GetRoles(MountOptions options)
    {
        var source = new ServiceRole(RoleRequest.Source, Images, SourceAccess.Read) { Loop = PartOf(options) };
        return options.IsGiven(Ext4OptionTable.JournalPath)
            ? [source, new ServiceRole(RoleRequest.Journal, Images, SourceAccess.Read)]
            : [source];
    }

    public override FuseMountPlan CreateMount(ServiceContext context)
    {
        var faults = new FaultReporter(context.Log.Warning);
        Ext4Volume volume = Open(context, faults);
        Report(context, volume);
        return new FuseMountPlan
        {
            FileSystem = new Ext4FileSystem(volume, Read(context), faults),
            Init = new FuseInitOptions
            {
                Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.DoReaddirplus | FuseInitFlags.ReaddirplusAuto
                    | FuseInitFlags.CacheSymlinks | FuseInitFlags.PosixAcl | FuseInitFlags.NoOpendirSupport,
            },
            ReadOnly = true,
            // The mount is the claim: the descriptor was opened without one, because a claimed device cannot be mounted.
            Fuseblk = context.Mode == ServiceMode.Contained && context.CallerUid == 0 && context.Source.Kind == SourceKinds.BlockDevice,
            Workers = context.Workers,
        };
    }

    /// <summary>A partition is found by this server in the whole image, not by the kernel.</summary>
    private static LoopPart? PartOf(MountOptions given) => !given.Get(Ext4OptionTable.Loop)
        ? null
        : new LoopPart((ulong)given.Get(Ext4OptionTable.Offset), (ulong)given.Get(Ext4OptionTable.SizeLimit));

    private static Ext4Volume Open(ServiceContext context, FaultReporter faults)
    {
        MountOptions given = context.Options;
        DescriptorDevice device = Part(DescriptorDevice.Of(context.Source), given, context.Source.IsLoop);
        MountRefusal? refusal = Ext4Volume.Open(
            device,
            new VolumeOptions
            {
                CacheBytes = given.Get(Ext4OptionTable.CacheSize) * Megabyte,
                JournalDevice = context.FindRole(RoleRequest.Journal) is { } journal ? DescriptorDevice.Of(journal) : null,
                SuperblockAt = given.Get(Ext4OptionTable.SuperblockAt) * Kilobyte,
                NoRecovery = !given.Get(Ext4OptionTable.Recovery) || !given.Get(Ext4OptionTable.Load),
                OnFault = faults.Report,
            },
            out Ext4Volume? volume);
        return volume ?? throw new ServiceException($"{context.SourceName}: {refusal!.Message}");
    }

    private static DescriptorDevice Part(DescriptorDevice device, MountOptions given, bool isLoop)
    {
        long offset = given.Get(Ext4OptionTable.Offset), size = given.Get(Ext4OptionTable.SizeLimit);
        int number = (int)given.Get(Ext4OptionTable.PartitionNumber);
        if (number == 0)
        {
            return isLoop ? device : device.Part(offset, size);
        }

        if (offset != 0 || size != 0)
        {
            throw new ServiceException("partition= says where the filesystem is: leave offset= and sizelimit= out");
        }

        return PartitionTable.Find(device, number, out string reason) is { } partition
            ? device.Part(partition.Start, partition.Length)
            : throw new ServiceException(reason);
    }

    private static void Report(ServiceContext context, Ext4Volume volume)
    {
        // As in the kernel, a reader does not take part in the protocol between hosts, and is not kept out by it.
        if (volume.GetMultiMountState(out MultiMountState hosts).IsNone && hosts.IsActive)
        {
            context.Log.Info($"another host seems to have {context.SourceName} mounted: {DisplayText.FromBytes(hosts.Node)}, as {DisplayText.FromBytes(hosts.Device)}");
        }


        string ignored = string.Join(", ", IgnoredOptions.GivenIn(context.Options));
        if (ignored.Length > 0)
        {
            context.Log.Info($"without meaning on a read-only mount: {ignored}");
        }
    }

    private static Ext4FileSystemOptions Read(ServiceContext context)
    {
        MountOptions given = context.Options;
        return new Ext4FileSystemOptions
        {
            EntryTimeout = given.Get(Ext4OptionTable.EntryTimeout),
            AttributeTimeout = given.Get(Ext4OptionTable.AttributeTimeout),
            MinixDf = given.Get(Ext4OptionTable.MinixDf) || !given.Get(Ext4OptionTable.BsdDf),
            Owners = ReadOwners(context),
        };
    }

    /// <summary>A user cannot be refused his own image by the owners that stand in it; root sees them as they are.</summary>
    private static OwnerPolicy ReadOwners(ServiceContext context)
    {
        MountOptions given = context.Options;
        bool asked = given.Get(Ext4OptionTable.Squash) || given.IsGiven(Ext4OptionTable.Uid) || given.IsGiven(Ext4OptionTable.Gid)
            || given.IsGiven(Ext4OptionTable.Umask);
        if (!asked)
        {
            return OwnerPolicy.AsOnDisk;
        }

        if (context.CallerUid == 0)
        {
            throw new ServiceException("uid=, gid=, umask= and squash are for mounts by users: root's mounts show owners as on the disk");
        }

        bool squash = given.Get(Ext4OptionTable.Squash);
        return new OwnerPolicy(
            squash ? context.CallerUid : Id(given.Get(Ext4OptionTable.Uid)),
            squash ? context.CallerGid : Id(given.Get(Ext4OptionTable.Gid)),
            ReadUmask(given.Get(Ext4OptionTable.Umask)));
    }

    private static uint? Id(long value) => value < 0 ? null : (uint)value;

    private static uint ReadUmask(string text)
    {
        const int mostDigits = 4;
        uint mask = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7' || text.Length > mostDigits)
            {
                throw new ServiceException($"umask= needs an octal number up to 0777, not '{text}'");
            }

            mask = (mask << 3) | (uint)(digit - '0');
        }

        return mask;
    }
}
