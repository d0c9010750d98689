using System.Globalization;
using System.Text;

namespace ServiceHost.Linux;

/// <summary>
/// A directory of small state files that one uid writes and in which nobody else can plant anything: every component is opened
/// without following links and must belong to root or the caller. Files appear whole or not at all.
/// </summary>
public sealed class StateDirectory : IDisposable
{
    private const uint WritableByOthers = 0x12;
    private const uint PublicDirectory = 0x1ED;
    private const uint PrivateFile = 0x180;

    private readonly OwnedFd _directory;

    private StateDirectory(OwnedFd directory) => _directory = directory;

    /// <summary>
    /// Opens an absolute path, making what is missing: the last component with <paramref name="mode"/>, those above it with 0755.
    /// EPERM when a component belongs to someone else, or others may write to it and it is not sticky.
    /// </summary>
    public static Errno Open(string path, uint mode, out StateDirectory? directory)
    {
        ArgumentNullException.ThrowIfNull(path);
        directory = null;
        string[] components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated("/\0"u8), OpenFlags.Directory, 0, out OwnedFd current);
        for (int i = 0; i < components.Length && errno.IsOk; i++)
        {
            using OwnedFd parent = current;
            bool last = i == components.Length - 1;
            errno = Descend(parent, components[i], last ? mode : PublicDirectory, out current);
        }

        if (errno.IsError)
        {
            current.Dispose();
            return errno;
        }

        directory = new StateDirectory(current);
        return Errno.None;
    }

    /// <summary>The whole file; EFBIG when it is longer than <paramref name="limit"/>, ELOOP for a symbolic link.</summary>
    public Errno Read(string name, int limit, out byte[] contents) => SmallFile.Read(_directory, Name(name), limit, out contents);

    /// <summary>Writes a temporary file and renames it: readers see the old contents or the new, never a part.</summary>
    public Errno Write(string name, ReadOnlySpan<byte> contents, uint mode = PrivateFile)
    {
        CString temporary = Name(string.Create(CultureInfo.InvariantCulture, $".{name}.{Environment.ProcessId}.tmp"));

        // A leftover of a dead process with our pid.
        Libc.Unlinkat(_directory, temporary, AtFlags.None);
        Errno errno = Libc.Openat(
            _directory, temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | SmallFile.Careful, mode,
            out OwnedFd file);
        if (errno.IsError)
        {
            return errno;
        }

        using (file)
        {
            // The caller's umask has no say in who may read.
            errno = Libc.Fchmod(file, mode);
            errno = errno.IsError ? errno : SmallFile.WriteAll(file, contents);
        }

        errno = errno.IsError ? errno : Libc.Renameat2(_directory, temporary, _directory, Name(name), RenameFlags.None);
        if (errno.IsError)
        {
            Libc.Unlinkat(_directory, temporary, AtFlags.None);
        }

        return errno;
    }

    /// <summary>Opens a file for reading and writing, making it when it is missing.</summary>
    public Errno OpenFile(string name, out OwnedFd file, uint mode = PrivateFile) => Libc.Openat(
        _directory, Name(name), OpenFlags.ReadWrite | OpenFlags.Create | SmallFile.Careful, mode, out file);

    public Errno Delete(string name) => Libc.Unlinkat(_directory, Name(name), AtFlags.None);

    /// <summary>
    /// flock(2) on a file in the directory, made when missing; held until the result is disposed. It is polled, not waited for, so
    /// that a stopped holder costs the caller its deadline and not its life: ETIMEDOUT.
    /// </summary>
    public Errno Lock(string name, Deadline deadline, out OwnedFd held, uint mode = PrivateFile)
    {
        Errno errno = Libc.Openat(
            _directory, Name(name), OpenFlags.ReadWrite | OpenFlags.Create | SmallFile.Careful, mode, out held);
        while (errno.IsOk)
        {
            Errno locked = Libc.Flock(held, FlockOperation.Exclusive | FlockOperation.NonBlocking);
            if (locked.IsOk)
            {
                return Errno.None;
            }

            bool taken = locked == Errno.EINTR || locked == Errno.EAGAIN;
            errno = !taken ? locked : deadline.HasPassed ? Errno.ETIMEDOUT : Errno.None;
            if (errno.IsOk)
            {
                Thread.Sleep(1);
            }
        }

        held.Dispose();
        return errno;
    }

    /// <summary>The names in the directory but "." and "..", in no order.</summary>
    public Errno List(out List<string> names)
    {
        Libc.Lseek(_directory, 0, SeekWhence.Set, out _);
        return List(_directory, out names);
    }

    /// <summary>The names in any directory.</summary>
    public static Errno List(Fd start, CString path, out List<string> names)
    {
        names = [];
        Errno errno = Libc.Openat(start, path, OpenFlags.Directory, 0, out OwnedFd directory);
        if (errno.IsError)
        {
            return errno;
        }

        using (directory)
        {
            return List(directory, out names);
        }
    }

    /// <summary>The names in a directory that is open for reading, from its beginning.</summary>
    public static Errno ListOpen(Fd directory, out List<string> names)
    {
        Libc.Lseek(directory, 0, SeekWhence.Set, out _);
        return List(directory, out names);
    }

    public void Dispose() => _directory.Dispose();

    private static CString Name(string name) => CString.FromTerminated(CString.Allocate(name));

    private static Errno Descend(Fd parent, string name, uint mode, out OwnedFd directory)
    {
        Errno errno = Libc.Mkdirat(parent, Name(name), mode);
        if (errno.IsError && errno != Errno.EEXIST)
        {
            directory = OwnedFd.Take(-1);
            return errno;
        }

        bool made = errno.IsOk;
        errno = Libc.Openat(parent, Name(name), OpenFlags.Directory | OpenFlags.NoFollow, 0, out directory);
        errno = made && errno.IsOk ? Libc.Fchmod(directory, mode) : errno;
        return errno.IsError ? errno : CheckOwner(directory);
    }

    private static Errno CheckOwner(Fd directory)
    {
        Errno errno = Libc.Statx(directory, StatxMask.BasicStats, out Statx statx);
        if (errno.IsError)
        {
            return errno;
        }

        bool trusted = statx.Uid == 0 || statx.Uid == ProcessIdentity.EffectiveUid;
        bool closed = (statx.RawMode & WritableByOthers) == 0 || statx.Mode.HasFlag(ModeBits.Sticky);
        return trusted && closed ? Errno.None : Errno.EPERM;
    }

    private static Errno List(Fd directory, out List<string> names)
    {
        names = [];
        byte[] buffer = new byte[32 * 1024];
        while (true)
        {
            Errno errno = Libc.Getdents64(directory, buffer, out int count);
            if (errno.IsError || count == 0)
            {
                return errno;
            }

            DirentReader reader = new(buffer.AsSpan(0, count));
            while (reader.TryRead(out Dirent entry))
            {
                if (!entry.IsDotOrDotDot)
                {
                    names.Add(Encoding.UTF8.GetString(entry.Name.Bytes));
                }
            }
        }
    }
}
