using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// Decides between cached, direct and passthrough I/O, one mode per inode from its first open to its last release, because the kernel turns
/// every mixture into EIO. Servers do not choose modes, they ask:
/// <code>
/// if (!modes.TryJoin(ref inode.Io, writes, out IoGrant grant))      // it is open: the mode is given
/// {
///     ...open the file so that it can be registered, if policy wants that...
///     grant = modes.Begin(ref inode.Io, ordinary, backing, isWritable, writes);
/// }
/// if (grant.IsBusy) return Errno.ETXTBSY;
/// grant.Answer(FopenFlags.KeepCache, ref open);                     // and on RELEASE, or when the open failed: modes.Leave(ref inode.Io)
/// </code>
/// <para>Why this is never too early: the kernel gives a file's part in the mode back before it sends RELEASE, and takes it after the reply to
/// OPEN. So from the reply to the RELEASE the mode that is kept here covers what the kernel believes.</para>
/// <para>Nothing is locked and nobody waits for a registration of somebody else: of two first opens at the same time both register, and the slower
/// one gives its id back and joins.</para>
/// </summary>
public sealed class IoModes
{
    private IBackingFiles? _backingFiles; // null again when nothing can be registered any more

    public IoModeCounters Counters { get; } = new();

    /// <summary>Whether it is worth a server's effort to open a file in a way that can be registered.</summary>
    public bool CanRegister => Volatile.Read(ref _backingFiles) is not null;

    /// <summary>Once, in <see cref="FuseFileSystem.OnInit"/>: what was agreed on decides whether there can be passthrough at all.</summary>
    public void Start(FuseConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Volatile.Write(ref _backingFiles, connection.BackingFiles);
    }

    /// <summary>
    /// One more open of an inode that is open. False when it is not: then <see cref="Begin"/> is next. <paramref name="writes"/>: the caller wants
    /// to write, or to truncate.
    /// </summary>
    public bool TryJoin(ref InodeIo inode, bool writes, out IoGrant grant)
    {
        bool isOpen = inode.TryJoin(writes, out grant);
        if (isOpen)
        {
            Counters.CountOpen(grant);
        }

        return isOpen;
    }

    /// <summary>
    /// The first open of an inode, or the one that finds another to have been faster. A valid <paramref name="backing"/> is registered, and ordinary I/O is
    /// what remains when that fails.
    /// </summary>
    /// <param name="inode">The inode.</param>
    /// <param name="ordinary">Its mode without passthrough: cached or direct.</param>
    /// <param name="backing">What to register; not valid for none. It stays the caller's.</param>
    /// <param name="isWritable">Whether <paramref name="backing"/> is O_RDWR and may be written through this mount.</param>
    /// <param name="writes">As in <see cref="TryJoin"/>.</param>
    public IoGrant Begin(ref InodeIo inode, IoMode ordinary, Fd backing, bool isWritable, bool writes)
    {
        int id = backing.IsValid ? Register(backing) : 0;
        IoGrant wanted = id == 0 ? new IoGrant(ordinary) : new IoGrant(IoMode.Passthrough, id);
        IoGrant grant = wanted;
        while (!inode.TryBegin(wanted, isWritable && id != 0))
        {
            if (inode.TryJoin(writes, out grant))
            {
                Release(id);
                break;
            }

            grant = wanted;
        }

        Counters.CountOpen(grant);
        return grant;
    }

    /// <summary>RELEASE of an open that was granted, or its end before it was answered. Exactly once for each.</summary>
    public void Leave(ref InodeIo inode) => Release(inode.Leave());

    private int Register(Fd backing)
    {
        if (Volatile.Read(ref _backingFiles) is not { } files)
        {
            return 0;
        }

        Errno errno = files.Register(backing, out int id);
        if (errno.IsOk)
        {
            Counters.CountRegistered();
            return id;
        }

        Counters.CountRefused(errno);
        if (errno == Errno.EOPNOTSUPP || errno == Errno.ENOTCONN)
        {
            // Nothing is registered any more, so nothing has to be released one by one either: the ids end with whoever kept them.
            Volatile.Write(ref _backingFiles, null);
        }

        return 0;
    }

    private void Release(int id)
    {
        if (id != 0)
        {
            Counters.CountReleased();
            Volatile.Read(ref _backingFiles)?.Release(id);
        }
    }
}
