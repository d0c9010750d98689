using System.ComponentModel;
using System.Diagnostics;

namespace IoModeStress;

/// <summary>
/// One thread of it. Files whose name begins with x are executed at times, all others never: opening those must not be ETXTBSY. Nothing at all may
/// be EIO, and nothing may fail with a number that the operation would not give natively.
/// </summary>
internal sealed class Stress(string directory, int seed, bool busyIsLegal, Report report)
{
    private const int ENOENT = 2;
    private const int EIO = 5;
    private const int ENOEXEC = 8;
    private const int EBADF = 9;
    private const int EACCES = 13;
    private const int EFAULT = 14;
    private const int EEXIST = 17;
    private const int EINVAL = 22;
    private const int ETXTBSY = 26;
    private const int MapLength = 64 * 1024;
    private const int MaxOpen = 6;

    private static readonly string[] s_names = ["a", "b", "c", "d", "x1", "x2"];
    private static readonly int[] s_modes = [Calls.O_RDONLY, Calls.O_WRONLY, Calls.O_RDWR];

    // 0755 comes and goes: it moves a file from passthrough to cached I/O at its next first open.
    private static readonly uint[] s_permissions = [0x1A4, 0x1ED, 0x180, 0x1FF];

    private readonly Random _random = new(seed);
    private readonly List<(int Fd, string Name)> _files = [];
    private readonly List<nint> _maps = [];
    private readonly byte[] _data = new byte[8192];
    private readonly int _null = Calls.open(Calls.Path("/dev/null"), Calls.O_WRONLY | Calls.O_CLOEXEC, 0);
    private readonly int _zero = Calls.open(Calls.Path("/dev/zero"), Calls.O_RDONLY | Calls.O_CLOEXEC, 0);

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Step();
        }

        while (_files.Count > 0)
        {
            Close();
        }

        _maps.ForEach(static map => Calls.munmap(map, MapLength));
        Calls.close(_null);
        Calls.close(_zero);
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 30: Open(); break;
            case < 50: Close(); break;
            case < 60: Read(); break;
            case < 70: Write(); break;
            case < 77: Map(); break;
            case < 80: Touch(); break;
            case < 83: Unmap(); break;
            case < 88: OnName("chmod", name => Calls.chmod(PathOf(name), Any(s_permissions)), ENOENT); break;
            case < 90: OnName("truncate", name => Calls.truncate(PathOf(name), _random.Next(100_000)), ENOENT, ETXTBSY); break;
            case < 92: OnName("unlink", name => Calls.unlink(PathOf(name)), ENOENT); break;
            case < 94: OnName("rename", name => Calls.rename(PathOf(name), PathOf(SameKind(name))), ENOENT); break;
            case < 95: OnName("link", name => Calls.link(PathOf(name), PathOf(SameKind(name))), ENOENT, EEXIST); break;
            case < 96: OnFile("ftruncate", fd => Calls.ftruncate(fd, _random.Next(100_000)), EINVAL); break;
            case < 97: OnFile("fallocate", fd => Calls.fallocate(fd, 0, _random.Next(50_000), 5000), EBADF); break;
            case < 98: OnFile("fsync", static fd => Calls.fsync(fd)); break;
            case < 99: Copy(); break;
            default: Execute(); break;
        }
    }

    private void Open()
    {
        int flags = Any(s_modes) | Calls.O_CLOEXEC;
        flags |= _random.Next(3) == 0 ? Calls.O_CREAT : 0;
        flags |= _random.Next(8) == 0 ? Calls.O_TRUNC : 0;
        flags |= _random.Next(8) == 0 ? Calls.O_APPEND : 0;
        Open(Any(s_names), flags);
    }

    private void Open(string name, int flags)
    {
        if (_files.Count == MaxOpen)
        {
            Close();
        }

        int fd = Calls.open(PathOf(name), flags, Any(s_permissions));
        Judge("open", name, Calls.Errno(fd), MayBeBusy(name) ? [ENOENT, ETXTBSY] : [ENOENT]);
        if (fd >= 0)
        {
            _files.Add((fd, name));
        }
    }

    private void Close()
    {
        if (_files.Count > 0)
        {
            int index = _random.Next(_files.Count);
            (int fd, string name) = _files[index];
            _files.RemoveAt(index);
            Judge("close", name, Calls.Errno(Calls.close(fd)));
        }
    }

    private void Read() => OnFile("read", fd => Calls.pread(fd, _data, _data.Length, _random.Next(100_000)), EBADF);

    private void Write() => OnFile("write", fd => Calls.pwrite(fd, _data, _random.Next(_data.Length), _random.Next(100_000)), EBADF);

    private void Map()
    {
        bool isShared = _random.Next(2) == 0;
        int protection = Calls.PROT_READ | (_random.Next(2) == 0 ? Calls.PROT_WRITE : 0);
        OnFile(
            "mmap",
            fd =>
            {
                nint map = Calls.mmap(0, MapLength, protection, isShared ? Calls.MAP_SHARED : Calls.MAP_PRIVATE, fd, 0);
                if (map != -1)
                {
                    _maps.Add(map);
                }

                return map == -1 ? -1 : 0;
            },
            EACCES);
    }

    private void Touch()
    {
        if (_maps.Count > 0)
        {
            nint page = Any(_maps) + (4096 * _random.Next(MapLength / 4096));
            Judge("load", "map", Calls.Errno(Calls.write(_null, page, 100)), EFAULT);
            Judge("store", "map", Calls.Errno(Calls.read(_zero, page, 100)), EFAULT);
        }
    }

    private void Unmap()
    {
        if (_maps.Count > 0)
        {
            int index = _random.Next(_maps.Count);
            Judge("munmap", "map", Calls.Errno(Calls.munmap(_maps[index], MapLength)));
            _maps.RemoveAt(index);
        }
    }

    private void Copy()
    {
        if (_files.Count > 1)
        {
            (int from, string name) = Any(_files);
            (int to, _) = Any(_files);
            Judge("copy", name, Calls.Errno(Calls.copy_file_range(from, 0, to, 0, 10_000, 0)), EBADF, EINVAL);
        }
    }

    private void Execute()
    {
        // A fresh one, so that there is something that can be executed whatever the others write.
        string name = _random.Next(2) == 0 ? "x1" : "x2";
        string made = System.IO.Path.Combine(directory, $"x-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        File.Copy("/bin/true", made, overwrite: true);
        Judge("chmod", made, Calls.Errno(Calls.chmod(Calls.Path(made), 0x1ED)));
        Judge("rename", name, Calls.Errno(Calls.rename(Calls.Path(made), PathOf(name))));
        int errno = 0;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(System.IO.Path.Combine(directory, name)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
        }
        catch (Win32Exception refusal)
        {
            errno = refusal.NativeErrorCode;
        }

        if (errno == EIO)
        {
            // Native, too, when an ELF file was cut short behind its first header. If it is the open that fails, the next one fails as well.
            Open(name, Calls.O_RDONLY | Calls.O_CLOEXEC);
            errno = ENOEXEC;
        }

        // Others may have emptied it (ENOEXEC), made it unexecutable, replaced or removed it meanwhile.
        Judge("exec", name, errno, ENOENT, EACCES, ETXTBSY, ENOEXEC);
    }

    private void OnName(string operation, Func<string, int> call, params int[] legal)
    {
        string name = Any(s_names);
        Judge(operation, name, Calls.Errno(call(name)), legal);
    }

    private void OnFile(string operation, Func<int, nint> call, params int[] legal)
    {
        if (_files.Count > 0)
        {
            (int fd, string name) = Any(_files);
            Judge(operation, name, Calls.Errno(call(fd)), legal);
        }
    }

    private void Judge(string operation, string name, int errno, params ReadOnlySpan<int> legal)
    {
        report.Count(operation, errno);
        bool isTextBusy = errno == ETXTBSY && !MayBeBusy(name);
        if (errno == EIO || isTextBusy || (errno != 0 && !legal.Contains(errno)))
        {
            report.Violation($"{operation} of {name}: errno {errno} (seed {seed})");
        }
    }

    private bool MayBeBusy(string name) => busyIsLegal || IsExecuted(name);

    private static bool IsExecuted(string name) => name.StartsWith('x') || name.StartsWith('/');

    // An executed file never gets the name of one that is not.
    private string SameKind(string name) => Any([.. s_names.Where(other => IsExecuted(other) == IsExecuted(name))]);

    private byte[] PathOf(string name) => Calls.Path(System.IO.Path.Combine(directory, name));

    private T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
