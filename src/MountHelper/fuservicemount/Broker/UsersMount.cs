using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMount;

/// <summary>
/// Mounts by way of the broker. Whatever a path leads to is opened here, with the rights of whoever typed mount: the broker, which is root,
/// gets descriptors and resolves nothing. So a file is good as SOURCE when its user can open it, wherever it lies.
/// </summary>
internal sealed class UsersMount(Invocation invocation, MountOptions options, OwnedFd stop) : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    private readonly List<OwnedFd> _fds = [];
    private BrokerMountFlags _flags;
    private Errno _readErrno;
    private Errno _writeErrno;

    public int Run()
    {
        _fds.Add(UsersFiles.OpenMountpoint(invocation.Mountpoint));
        OpenSource();
        OpenJournal();
        _flags |= (invocation.Verbose ? BrokerMountFlags.Verbose : 0) | (invocation.NoUtab ? BrokerMountFlags.NoUtab : 0)
            | (invocation.Sloppy ? BrokerMountFlags.Sloppy : 0);
        BrokerMount request = new(
            _flags, _readErrno, _writeErrno, invocation.Type!.Name, invocation.Source ?? [], invocation.Mountpoint, Joined(invocation.OptionLists));
        return new BrokerClient(stop).Ask(request.Encode(), [.. _fds], Deadline.In(options.Timeout + s_grace), Dispose);
    }

    /// <summary>mount -f: what can be found wrong without asking anybody.</summary>
    public int Check()
    {
        UsersFiles.OpenMountpoint(invocation.Mountpoint).Dispose();
        return Mounter.IsServicePresent(invocation.Type!, options.Protocol)
            ? ExitCode.Success
            : throw Mounter.NoService(invocation.Type!, options.Protocol);
    }

    /// <summary>A server that closes its image waits for nobody; nothing of it stays open here.</summary>
    public void Dispose() => _fds.ForEach(static fd => fd.Dispose());

    private void OpenSource()
    {
        if (invocation.Source is null)
        {
            return;
        }

        _flags |= BrokerMountFlags.HasSource;
        _readErrno = UsersFiles.OpenSource(invocation.Source, OpenFlags.ReadOnly, out OwnedFd reading, out bool isDirectory);
        Keep(_readErrno, reading, BrokerMountFlags.SourceForReading);
        if (isDirectory || options.ReadOnly)
        {
            return;
        }

        _writeErrno = UsersFiles.OpenSource(invocation.Source, OpenFlags.ReadWrite, out OwnedFd writing, out _);
        Keep(_writeErrno, writing, BrokerMountFlags.SourceForWriting);
    }

    private void OpenJournal()
    {
        if (options.JournalPath is not { } path)
        {
            return;
        }

        Errno errno = UsersFiles.OpenSource(path, OpenFlags.ReadOnly, out OwnedFd journal, out _);
        Keep(errno, journal, BrokerMountFlags.JournalForReading);
        if (errno.IsError)
        {
            throw new MountFailedException($"the journal {DisplayText.FromBytes(path)}", errno);
        }
    }

    private void Keep(Errno errno, OwnedFd fd, BrokerMountFlags flag)
    {
        if (errno.IsError)
        {
            fd.Dispose();
            return;
        }

        _fds.Add(fd);
        _flags |= flag;
    }

    private static byte[] Joined(List<byte[]> lists)
    {
        List<byte> joined = [];
        foreach (byte[] list in lists)
        {
            joined.AddRange(joined.Count > 0 ? [(byte)','] : []);
            joined.AddRange(list);
        }

        return [.. joined];
    }
}
