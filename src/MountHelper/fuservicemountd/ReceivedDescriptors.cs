using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMountd;

/// <summary>
/// The descriptors of a BRKM. A descriptor is a right, and the caller has it: what has to be found out is whether it is the right for what it
/// will be used for. The kernel tells how it was opened; what it is, a child with the caller's ids looks at, because root may not look at
/// everything; nothing here asks a filesystem that could keep us waiting.
/// </summary>
internal sealed class ReceivedDescriptors : IDisposable
{
    // What can be said when opening and changes nothing about reading and writing at an offset.
    private const OpenFlags Harmless = OpenFlags.AccessModeMask | OpenFlags.LargeFile | OpenFlags.Directory | OpenFlags.NoFollow
        | OpenFlags.NoAccessTime | OpenFlags.NonBlocking | OpenFlags.Sync;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly CallerIdentity _caller;
    private readonly BrokerMount _message;
    private readonly List<OwnedFd> _fds = [];
    private readonly List<OpenFlags> _flags = [];
    private Statx[] _statuses = [];
    private bool _targetTaken;
    private bool _sourceTaken;
    private bool _journalTaken;

    public ReceivedDescriptors(CallerIdentity caller, BrokerMount message, ReceivedPacket packet)
    {
        _caller = caller;
        _message = message;
        for (int i = 0; i < packet.Fds.Count; i++)
        {
            _fds.Add(packet.Fds.Take(i));
        }
    }

    public void Check(bool readOnlyMount)
    {
        CheckFlags();
        ChildFailure? failure = ChildOfCaller.LookAt(_caller, _fds, null, Deadline.In(s_patience), out _statuses);
        MountFailedException.ThrowIfBroken(Rule.DescriptorsAreOpened, failure is not null,
            $"cannot look at the descriptors as uid {_caller.Uid}: {failure}");
        CheckMountpoint();
        CheckSource(readOnlyMount);
    }

    public MountTarget TakeTarget()
    {
        _targetTaken = true;
        return MountTarget.Adopt(_fds[0], _message.Mountpoint, _statuses[0]);
    }

    /// <summary>null when the caller sent none.</summary>
    public PinnedSource? TakeSource()
    {
        if (_message.SourceDescriptors == 0)
        {
            return null;
        }

        _sourceTaken = true;
        bool reading = _message.Flags.HasFlag(BrokerMountFlags.SourceForReading);
        bool writing = _message.Flags.HasFlag(BrokerMountFlags.SourceForWriting);
        CallersDescriptors opened = new(reading ? _fds[1] : null, _message.ReadErrno, writing ? _fds[_message.SourceDescriptors] : null, _message.WriteErrno);
        return PinnedSource.Of(opened, _message.Source, _statuses[1]);
    }

    /// <summary>null when the caller sent none. <paramref name="name"/> is the word by which the caller knows it.</summary>
    public PinnedSource? TakeJournal(byte[]? name)
    {
        if (!HasJournal)
        {
            return null;
        }

        _journalTaken = true;
        return PinnedSource.Of(new CallersDescriptors(_fds[^1], Errno.None, null, Errno.EROFS), name ?? [], _statuses[^1]);
    }

    public void Dispose()
    {
        for (int i = 0; i < _fds.Count; i++)
        {
            if (!(i == 0 ? _targetTaken : IsJournal(i) ? _journalTaken : _sourceTaken))
            {
                _fds[i].Dispose();
            }
        }
    }

    private void CheckFlags()
    {
        foreach (OwnedFd fd in _fds)
        {
            Errno errno = Libc.GetOpenFlags(fd, out OpenFlags flags);
            MountFailedException.ThrowIfBroken(Rule.DescriptorsAreOpened, errno.IsError || flags.HasFlag(OpenFlags.Path),
                $"{Name(_flags.Count)} came as an O_PATH descriptor, which proves no right to it");
            MountFailedException.ThrowIfBroken(Rule.DescriptorsAreOpened, (flags & ~Harmless) != 0,
                $"{Name(_flags.Count)} was opened with flags (0{Convert.ToString((uint)flags, 8)}) that a server cannot be given");
            _flags.Add(flags);
        }
    }

    /// <summary>As fusermount3: a directory that the caller may write to, and owns when it is sticky; a file that is open for writing.</summary>
    private void CheckMountpoint()
    {
        Statx status = _statuses[0];
        string shown = DisplayText.FromBytes(_message.Mountpoint);
        if (!status.IsDirectory)
        {
            MountFailedException.ThrowIfBroken(Rule.DescriptorsAreOpened,
                status.IsRegular && (_flags[0] & OpenFlags.AccessModeMask) == OpenFlags.ReadOnly,
                $"the mountpoint {shown} is a file that was not opened for writing");
            return;
        }

        MountFailedException.ThrowIfBroken(Rule.MountpointIsTheCallers, status.Mode.HasFlag(ModeBits.Sticky) && status.Uid != _caller.Uid,
            $"the mountpoint {shown} is sticky and not owned by uid {_caller.Uid}");
        ChildFailure? failure = ChildOfCaller.LookAt(_caller, [_fds[0]], _fds[0], Deadline.In(s_patience), out _);
        MountFailedException.ThrowIfBroken(Rule.MountpointIsTheCallers, failure is not null,
            $"uid {_caller.Uid} may not write to the mountpoint {shown}: {failure?.Errno}");
    }

    private void CheckSource(bool readOnlyMount)
    {
        for (int i = 1; i < _fds.Count; i++)
        {
            bool writing = i == _message.SourceDescriptors && _message.Flags.HasFlag(BrokerMountFlags.SourceForWriting);
            OpenFlags wanted = writing ? OpenFlags.ReadWrite : OpenFlags.ReadOnly;
            MountFailedException.ThrowIfBroken(Rule.OnlyFilesDevicesDirectories,
                !_statuses[i].IsRegular && !_statuses[i].IsDirectory && _statuses[i].FileType != ModeBits.BlockDevice,
                $"{Name(i)} is neither a regular file nor a block device nor a directory");
            MountFailedException.ThrowIfBroken(Rule.DescriptorsAreOpened, (_flags[i] & OpenFlags.AccessModeMask) != wanted,
                $"{Name(i)} was not opened for {(writing ? "reading and writing" : "reading alone")}");
            MountFailedException.ThrowIfBroken(Rule.ReadOnlyMeansReadOnly, writing && readOnlyMount,
                $"{Name(i)} was opened for writing, for a mount that is read-only");
        }

        MountFailedException.ThrowIfBroken(Rule.DescriptorsAreOpened, _message.SourceDescriptors == 2 && !IsSame(_statuses[1], _statuses[2]),
            $"{Name(1)} came as two different files");
    }

    private string Name(int index) => index == 0
        ? $"the mountpoint {DisplayText.FromBytes(_message.Mountpoint)}"
        : IsJournal(index) ? "the journal"
        : DisplayText.FromBytes(_message.Source);

    private bool HasJournal => _message.Flags.HasFlag(BrokerMountFlags.JournalForReading);

    private bool IsJournal(int index) => HasJournal && index == _fds.Count - 1;

    private static bool IsSame(in Statx a, in Statx b) =>
        (a.DevMajor, a.DevMinor, a.Ino, a.FileType) == (b.DevMajor, b.DevMinor, b.Ino, b.FileType);
}
