using ServiceHost;
using ServiceHost.Fuse;
using ServiceHost.Linux;
using ServiceHost.Options;

namespace Servers.Passthrough;

/// <summary>The passthrough server as a service: its options, and how it wants to be mounted.</summary>
internal sealed class PassthroughService : FuseService
{
    // cache=always says that nothing changes behind the mount, so the timeouts that were not given are long.
    private static readonly TimeSpan s_always = TimeSpan.FromDays(1);

    // Without a filter, in developer mode, there is none.
    private FixedDot? _dot;

    public override string Type => "passthrough";

    public override string Version => typeof(PassthroughService).Assembly.GetName().Version?.ToString(3) ?? "0";

    public override string Description => "a directory, served as it is by a process that has no rights outside it";

    public override MountOptionTable Options => PassthroughOptionTable.Table;

    public override bool UsesBackingFiles => true;

    public override FuseMountPlan CreateMount(ServiceContext context)
    {
        int workers = WorkersFor(context);
        PassthroughOptions options = Read(context, workers);
        OwnedFd procSelfFd = context.ProcSelfFd ?? throw new ServiceException(
            "/proc/self/fd cannot be opened, and without it an inode cannot be reopened: is /proc mounted?");
        return new FuseMountPlan
        {
            FileSystem = new PassthroughFileSystem(
                context.Source.Root,
                procSelfFd,
                options,
                context.Log.Warning,
                context.Log.Info,
                context.Source.RwClone is null ? null : context.Source.RoClone),
            Init = new FuseInitOptions
            {
                Wanted = options.WantedFlags,
                RequestTimeout = RequestTimeoutFor(context, options),
            },
            Workers = workers,
        };
    }

    public override IEnumerable<SystemCallRule> GetSystemCalls(ServiceContext context)
    {
        Errno errno = FixedDot.Map(out _dot);
        return errno.IsOk
            ? PassthroughSystemCalls.For(context.AllowSuid)
            : throw new ServiceException($"cannot map a page at 0x{FixedDot.Address:x}: {errno}; is vm.mmap_min_addr above it?");
    }

    private PassthroughOptions Read(ServiceContext context, int workers)
    {
        MountOptions given = context.Options;
        CachePolicy cache = given.Get(PassthroughOptionTable.Cache);
        bool writeback = given.Get(PassthroughOptionTable.Writeback);
        LockPolicy locks = given.Get(PassthroughOptionTable.Locks);
        if (writeback && cache == CachePolicy.Never)
        {
            throw new ServiceException("writeback needs a cache: it does not go with cache=never");
        }

        DescriptorBudget budget = ReadBudget(workers, locks, given.Get(PassthroughOptionTable.MaxInodes));
        return new PassthroughOptions
        {
            Cache = cache,
            EntryTimeout = Timeout(given, PassthroughOptionTable.EntryTimeout, cache),
            AttributeTimeout = Timeout(given, PassthroughOptionTable.AttributeTimeout, cache),
            NegativeTimeout = given.Get(PassthroughOptionTable.NegativeTimeout),
            Writeback = writeback,
            Backing = ReadBacking(given, writeback),
            BackingMinSize = given.Get(PassthroughOptionTable.BackingMinSize),
            IsReadOnly = context.ReadOnly,
            Locks = locks,
            AllowSuid = context.AllowSuid,
            Dot = _dot,
            IsOneMount = context.Source.RwClone is not null || context.Source.RoClone is not null,
            InodeLimit = budget.Inodes,
            HandleLimit = budget.Handles,
        };
    }

    /// <summary>The kernel either collects writes or passes them on, per mount: what was asked for goes before the default.</summary>
    private static BackingPolicy ReadBacking(MountOptions given, bool writeback)
    {
        BackingPolicy policy = given.Get(PassthroughOptionTable.Backing);
        if (!writeback || policy == BackingPolicy.Never)
        {
            return policy;
        }

        return !given.IsGiven(PassthroughOptionTable.Backing)
            ? BackingPolicy.Never
            : throw new ServiceException("writeback goes with passthrough=never only: the kernel does one or the other");
    }

    private static DescriptorBudget ReadBudget(int workers, LockPolicy locks, long maxInodes)
    {
        Errno errno = Libc.GetLimit(ResourceKind.OpenFiles, out ResourceLimit limit);
        if (errno.IsError)
        {
            throw new ServiceException($"reading RLIMIT_NOFILE failed: {errno}");
        }

        return limit.Soft >= DescriptorBudget.Minimum
            ? DescriptorBudget.Of(limit.Soft, workers, locks == LockPolicy.Shared, maxInodes)
            : throw new ServiceException(
                $"RLIMIT_NOFILE is {limit.Soft}: every inode that the kernel knows takes a descriptor, at least {DescriptorBudget.Minimum} are needed");
    }

    private static TimeSpan Timeout(MountOptions given, MountOption<TimeSpan> option, CachePolicy cache) =>
        cache == CachePolicy.Always && !given.IsGiven(option) ? s_always : given.Get(option);

    /// <summary>A caller may wait for a shared lock as long as it likes, and one request over the timeout ends the whole mount.</summary>
    private static ushort RequestTimeoutFor(ServiceContext context, PassthroughOptions options)
    {
        long seconds = context.Options.Get(CommonOptions.RequestTimeout);
        if (options.Locks == LockPolicy.Local)
        {
            return (ushort)seconds;
        }

        return seconds == 0 || !context.Options.IsGiven(CommonOptions.RequestTimeout)
            ? (ushort)0
            : throw new ServiceException("locks=shared may wait for ever, which request_timeout= forbids: leave one of them out");
    }

    private static int WorkersFor(ServiceContext context)
    {
        int asked = (int)context.Options.Get(CommonOptions.Workers);
        return asked > 0 ? asked : Math.Clamp(context.CpuCount, 2, ServiceHost.MountProtocol.Limits.Devices);
    }
}
