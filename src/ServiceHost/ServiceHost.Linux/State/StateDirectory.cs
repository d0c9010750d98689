using System.Buffers.Binary;
using System.Globalization;

namespace ServiceHost.Linux;

/// <summary>
/// A directory of small state files that one uid writes and others must not be able to plant things in. Every component is opened
/// without following links and must belong to root or the caller; files appear whole or not at all.
/// </summary>
public sealed unsafe class StateDirectory : IDisposable
{
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;
    private const uint WritableByOthers = 0x12;
    private const uint Sticky = 0x200;
    private const uint FileMode = 0x180;

    private readonly OwnedFd _directory;

    private StateDirectory(OwnedFd directory) => _directory = directory;

    public Fd Borrow() => _directory;

    /// <summary>
    /// Opens an absolute path, making missing directories: the last one with <paramref name="mode"/>, those above it with 0755.
    /// EPERM when a component belongs to someone else or others may write to it.
    /// </summary>
    public static Errno Open(string path, uint mode, out StateDirectory? directory)
    {
        ArgumentNullException.ThrowIfNull(path);
        directory = null;
        Errno errno = StateFile.Open(
            Fd.Cwd, CString.FromTerminated("/\0"u8), StateFile.O_RDONLY | StateFile.O_DIRECTORY, 0, out OwnedFd current);
        string[] components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < components.Length && errno.IsOk; i++)
        {
            using OwnedFd parent = current;
            bool last = i == components.Length - 1;
            errno = Descend(parent, components[i], last ? mode : 0x1ED, out current);
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
    public Errno Read(string name, int limit, out byte[] contents) =>
        StateFile.Read(_directory, CString.FromTerminated(CString.Allocate(name)), limit, out contents);

    /// <summary>Writes a temporary file and renames it: readers see the old contents or the new, never a part.</summary>
    public Errno Write(string name, ReadOnlySpan<byte> contents, uint mode = FileMode)
    {
        byte[] temporaryName = CString.Allocate(string.Create(
            CultureInfo.InvariantCulture, $".{name}.{Environment.ProcessId}.tmp"));
        CString temporary = CString.FromTerminated(temporaryName);
        StateFile.Unlink(_directory, temporary);
        Errno errno = StateFile.Open(
            _directory, temporary, StateFile.O_WRONLY | StateFile.O_CREAT | StateFile.O_EXCL, mode, out OwnedFd file);
        if (errno.IsError)
        {
            return errno;
        }

        using (file)
        {
            errno = StateFile.WriteAll(file, contents);
        }

        errno = errno.IsError
            ? errno
            : StateFile.Rename(_directory, temporary, CString.FromTerminated(CString.Allocate(name)));
        if (errno.IsError)
        {
            StateFile.Unlink(_directory, temporary);
        }

        return errno;
    }

    public Errno Delete(string name) => StateFile.Unlink(_directory, CString.FromTerminated(CString.Allocate(name)));

    /// <summary>
    /// flock(2) on a file in the directory, made when missing; held until the result is disposed. It is polled, not waited for, so
    /// that a stopped holder costs the caller its deadline and not its life. ETIMEDOUT then.
    /// </summary>
    public Errno Lock(string name, TimeSpan deadline, out OwnedFd held, uint mode = FileMode)
    {
        Errno errno = StateFile.Open(
            _directory, CString.FromTerminated(CString.Allocate(name)), StateFile.O_RDWR | StateFile.O_CREAT, mode, out held);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (errno.IsOk)
        {
            Errno locked = Errno.Of(SystemCall.Call(SystemCallNumber.Flock, held.Number, LOCK_EX | LOCK_NB));
            if (locked.IsOk)
            {
                return Errno.None;
            }

            bool wait = locked == Errno.EINTR || locked == Errno.EAGAIN;
            bool late = System.Diagnostics.Stopwatch.GetElapsedTime(start) > deadline;
            errno = !wait ? locked : late ? Errno.ETIMEDOUT : Errno.None;
            if (errno.IsOk)
            {
                Thread.Sleep(1);
            }
        }

        held.Dispose();
        return errno;
    }

    /// <summary>The names in the directory but "." and "..", in no order.</summary>
    public Errno List(out List<string> names) => ListDirectory(_directory, out names);

    /// <summary>The names in any directory.</summary>
    public static Errno List(ReadOnlySpan<byte> pathTerminated, out List<string> names)
    {
        names = [];
        Errno errno = StateFile.Open(
            Fd.Cwd, CString.FromTerminated(pathTerminated), StateFile.O_RDONLY | StateFile.O_DIRECTORY, 0, out OwnedFd directory);
        if (errno.IsError)
        {
            return errno;
        }

        using (directory)
        {
            return ListDirectory(directory, out names);
        }
    }

    public void Dispose() => _directory.Dispose();

    private static Errno Descend(Fd parent, string name, uint mode, out OwnedFd directory)
    {
        CString component = CString.FromTerminated(CString.Allocate(name));
        Errno errno = StateFile.MakeDirectory(parent, component, mode);
        if (errno.IsError && errno != Errno.EEXIST)
        {
            directory = OwnedFd.Take(-1);
            return errno;
        }

        errno = StateFile.Open(parent, component, StateFile.O_RDONLY | StateFile.O_DIRECTORY, 0, out directory);
        return errno.IsError ? errno : CheckOwner(directory);
    }

    private static Errno CheckOwner(Fd directory)
    {
        Errno errno = FileIdentity.Read(directory, out FileIdentity identity);
        if (errno.IsError)
        {
            return errno;
        }

        bool trusted = identity.Uid == 0 || identity.Uid == ProcessIdentity.EffectiveUid;
        bool closed = (identity.Mode & WritableByOthers) == 0 || (identity.Mode & Sticky) != 0;
        return trusted && closed ? Errno.None : Errno.EPERM;
    }

    // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name with NUL.
    private static Errno ListDirectory(Fd directory, out List<string> names)
    {
        names = [];
        const int nameOffset = 19;
        const int lengthOffset = 16;
        byte[] buffer = new byte[32 * 1024];
        Rewind(directory);
        while (true)
        {
            long result;
            fixed (byte* p = buffer)
            {
                result = SystemCall.Call(SystemCallNumber.Getdents64, directory.Number, (nint)p, buffer.Length);
            }

            if (result <= 0)
            {
                return Errno.Of(result);
            }

            for (ReadOnlySpan<byte> rest = buffer.AsSpan(0, (int)result); !rest.IsEmpty;)
            {
                int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[lengthOffset..]);
                ReadOnlySpan<byte> name = rest[nameOffset..length];
                string text = System.Text.Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
                if (text is not ("." or ".."))
                {
                    names.Add(text);
                }

                rest = rest[length..];
            }
        }
    }

    private static void Rewind(Fd directory) => SystemCall.Call(SystemCallNumber.Lseek, directory.Number, 0, 0);
}
