using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// A source that was found once and is held by an O_PATH descriptor: what is checked, opened, cloned and mounted is the same object,
/// whatever happens to the path. Symbolic links are followed while finding (/dev/disk/by-uuid is full of them); the type is
/// judged on the descriptor. Finding never opens the object, so a FIFO cannot block and a device is not touched.
/// </summary>
public sealed class PinnedSource : IDisposable
{
    private readonly (uint DevMajor, uint DevMinor, ulong Ino) _identity;
    private readonly CallersDescriptors? _opened;

    private PinnedSource(OwnedFd handle, byte[] name, in Statx status, CallersDescriptors? opened = null)
    {
        Handle = handle;
        _opened = opened;
        Name = name;
        Kind = KindOf(status.FileType);
        (RdevMajor, RdevMinor) = (status.RdevMajor, status.RdevMinor);
        _identity = (status.DevMajor, status.DevMinor, status.Ino);
    }

    public OwnedFd Handle { get; }

    /// <summary>The words it was found by; to show, never to open again.</summary>
    public byte[] Name { get; }

    public string Display => DisplayText.FromBytes(Name);

    /// <summary>None for everything that is never granted: FIFOs, sockets, character devices.</summary>
    public SourceKinds Kind { get; }

    public uint RdevMajor { get; }

    public uint RdevMinor { get; }

    /// <summary>Finds <paramref name="path"/>, relative to the current directory.</summary>
    public static Errno Pin(byte[] path, out PinnedSource? source)
    {
        source = null;
        ArgumentNullException.ThrowIfNull(path);
        Span<byte> terminated = stackalloc byte[Limits.PathBytes];
        if (!CString.TryCopy(path, terminated, out CString name))
        {
            return Errno.ENAMETOOLONG;
        }

        Errno errno = Libc.Openat(Fd.Cwd, name, OpenFlags.Path, 0, out OwnedFd handle);
        return errno.IsError ? errno : Adopt(handle, path, out source);
    }

    /// <summary>Takes over a descriptor that somebody else opened, the failing one included.</summary>
    public static Errno Adopt(OwnedFd handle, byte[] name, out PinnedSource? source)
    {
        source = null;
        ArgumentNullException.ThrowIfNull(handle);
        // DONT_SYNC: the file may lie on a foreign FUSE or network filesystem whose server does not answer.
        Errno errno = Libc.Statx(handle, default, AtFlags.EmptyPath | AtFlags.StatxDontSync, StatxMask.Type | StatxMask.Ino, out Statx status);
        if (errno.IsError)
        {
            handle.Dispose();
            return errno;
        }

        source = new PinnedSource(handle, name, status);
        return Errno.None;
    }

    /// <summary>
    /// A source that its caller opened and looked at: what the caller could not open nobody opens for it. A directory's handle is its
    /// descriptor for reading.
    /// </summary>
    public static PinnedSource Of(CallersDescriptors opened, byte[] name, in Statx status)
    {
        ArgumentNullException.ThrowIfNull(opened);
        return new PinnedSource(opened.Any, name, status, opened);
    }

    /// <summary>Opens the pinned object itself, through the descriptor: for reading or writing, never creating or truncating.</summary>
    public Errno Open(OpenFlags flags, out OwnedFd opened)
    {
        const OpenFlags Allowed = OpenFlags.AccessModeMask | OpenFlags.Exclusive | OpenFlags.Direct | OpenFlags.Sync;
        if ((flags & ~Allowed) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(flags), flags, "A source is opened for reading or writing and nothing else.");
        }

        if (_opened is not null)
        {
            return _opened.Take(flags, out opened);
        }

        return Libc.Openat(Fd.Cwd, CString.FromTerminated(DescriptorPath.Link(Handle.Number)), flags | OpenFlags.LargeFile, 0, out opened);
    }

    public bool IsSameAs(PinnedSource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _identity == other._identity;
    }

    /// <summary>Where it lies now, for the one call that takes a device by its path (a fuseblk mount).</summary>
    public Errno CurrentPath(out byte[] path)
    {
        Errno errno = DescriptorPath.Read(Handle, out string text);
        path = Encoding.Latin1.GetBytes(text);
        return errno;
    }

    public void Dispose()
    {
        Handle.Dispose();
        _opened?.Dispose();
    }

    private static SourceKinds KindOf(ModeBits type) => type switch
    {
        ModeBits.Directory => SourceKinds.Directory,
        ModeBits.Regular => SourceKinds.RegularFile,
        ModeBits.BlockDevice => SourceKinds.BlockDevice,
        _ => SourceKinds.None,
    };
}
