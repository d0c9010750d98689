using ServiceHost;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// A directory tree, served as it is. Every operation starts from a descriptor of the inode it is about; no path is ever built, so nothing that
/// happens to names meanwhile can lead elsewhere.
/// <para>Permissions are checked by the kernel in front of us (default_permissions, ACLs included). What is left to do here is ownership: whatever
/// is created is created under the caller's ids, see <see cref="ThreadCredentials"/>.</para>
/// <para>The partial classes are one operation family each: Lookup, Names, Create, Attr, Files, Backing, Data, Directories, Xattr, Ioctl, Locks.</para>
/// </summary>
internal sealed partial class PassthroughFileSystem : FuseFileSystem, IDisposable
{
    private readonly PassthroughOptions _options;
    private readonly Action<string> _log;
    private readonly Action<string> _tell;
    private readonly OwnedFd _procSelfFd;
    private readonly Reopener _reopener;
    private readonly ThreadIdentity _identity;
    private readonly InodeBudget _budget;
    private readonly InodeTable _inodes;
    private readonly HandleTable _handles;
    private readonly InodeNumbers _numbers;
    private readonly PassthroughCounters _counters = new();
    private readonly OnceLog _complaints;
    private readonly SharedLocks? _locks;
    private readonly bool _isCloseSilent;
    private readonly Validity _entryValid;
    private readonly Validity _attrValid;
    private readonly Validity _negativeValid;
    private Pruner? _pruner;
    private FuseNotifier? _notifier;
    private bool _isWriteback;

    /// <param name="root">The granted tree: a directory, O_PATH is enough. Not kept.</param>
    /// <param name="procSelfFd">/proc/self/fd of this very process, O_PATH is enough. Owned from here on.</param>
    /// <param name="options">How the mount behaves.</param>
    /// <param name="log">Takes one line per thing that an administrator should know.</param>
    /// <param name="tell">Takes what is worth knowing when the mount ends.</param>
    /// <param name="readOnlyRoot">The same tree on a mount where nothing can be written; not owned. Null when there is none.</param>
    public PassthroughFileSystem(
        Fd root, OwnedFd procSelfFd, PassthroughOptions options, Action<string> log, Action<string> tell, OwnedFd? readOnlyRoot = null)
    {
        _options = options;
        _log = log;
        _tell = tell;
        _complaints = new OnceLog(log);
        _procSelfFd = procSelfFd;
        _reopener = new Reopener(procSelfFd);
        ThrowIfError(ThreadIdentity.Capture(out _identity), "reading the process' own credentials");

        ThrowIfError(
            Libc.Openat(root, CString.FromTerminated(".\0"u8), OpenFlags.Path | OpenFlags.Directory, 0, out FdCell rootCell),
            "opening the source");
        ThrowIfError(Libc.Statx(rootCell.Borrow(), Attributes.Wanted, out Statx stat), "looking at the source");
        _isCloseSilent = options is { IsOneMount: true, Locks: LockPolicy.Local } && SilentClose.IsOn(rootCell.Borrow());
        _budget = new InodeBudget(options.InodeLimit);
        _inodes = new InodeTable(_budget, ref rootCell, stat);
        _handles = new HandleTable(_inodes, _modes, options.HandleLimit);
        _backing = new BackingChooser(options.Backing, options.BackingMinSize, options.IsReadOnly);
        _twin = readOnlyRoot is null ? null : new ReadOnlyTwin(readOnlyRoot, _reopener);
        _numbers = new InodeNumbers(stat);
        _locks = options.Locks == LockPolicy.Shared ? new SharedLocks(_inodes, _handles, _reopener, options.HandleLimit) : null;

        bool never = options.Cache == CachePolicy.Never;
        _entryValid = never ? default : Validity.Of(options.EntryTimeout);
        _attrValid = never ? default : Validity.Of(options.AttributeTimeout);
        _negativeValid = never ? default : Validity.Of(options.NegativeTimeout);
    }

    /// <summary>What has gone wrong without being an error of any single request.</summary>
    public PassthroughCounters Counters => _counters;

    /// <summary>Inodes and open files held right now.</summary>
    public (int Inodes, int Handles) InUse => (_budget.Count, _handles.Count);

    public override void OnInit(FuseConnection connection, FuseNotifier notifier)
    {
        _notifier = notifier;
        _isWriteback = connection.Has(FuseInitFlags.WritebackCache);
        _modes.Start(connection);
        IColdInodeDropper dropper = connection.KernelMinor >= PruneNotifier.FirstKernelMinor
            ? new PruneNotifier(notifier)
            : new EntryInvalidator(notifier, _inodes, _reopener);
        _pruner = new Pruner(_inodes, _budget, dropper, LookupNow, () => NoRoom(), _options.RoomTimeout);
        _pruner.Start();
        _locks?.Start();
    }

    public override void OnWorkerStart(int worker)
    {
        _reopener.EnterOnThisThread();
        ThrowIfError(_identity.EnterOnThisThread(), "giving up supplementary groups");
    }

    public override void OnSessionEnd()
    {
        if (Modes.PassthroughOpens + Modes.OrdinaryOpens > 0 && _options.Backing != BackingPolicy.Never)
        {
            _tell($"passthrough: {Modes}");
        }

        Dispose();
    }

    public void Dispose()
    {
        _pruner?.Dispose();
        _locks?.Dispose();
        _handles.Clear();
        _inodes.Clear();
        _budget.Dispose();
        _procSelfFd.Dispose();
    }

    public override Errno Statfs(in RequestContext ctx, NodeId node, out FuseKstatfs statfs)
    {
        statfs = default;
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        Errno errno = Libc.Fstatfs(inode.Fd, out StatfsBuffer source);
        statfs = new FuseKstatfs
        {
            Blocks = source.Blocks,
            BFree = source.BlocksFree,
            BAvail = source.BlocksAvailable,
            Files = source.Files,
            FFree = source.FilesFree,
            BSize = (uint)source.BlockSize,
            NameLen = (uint)source.NameLength,
            FrSize = (uint)source.FragmentSize,
        };
        return errno;
    }

    public override Errno Syncfs(in RequestContext ctx, NodeId node)
    {
        using Pinned<Inode> inode = _inodes.Pin(node);
        if (!inode.IsFound)
        {
            return Errno.ESTALE;
        }

        Errno errno = _reopener.Open(inode.Fd, OpenFlags.ReadOnly | OpenFlags.NonBlocking, out OwnedFd opened);
        using (opened)
        {
            return errno.IsOk ? Libc.Syncfs(opened) : errno;
        }
    }

    private static void ThrowIfError(Errno errno, string doing)
    {
        if (errno.IsError)
        {
            throw new ServiceException($"{doing} failed: {errno}");
        }
    }
}
