using ServiceHost.Linux;

namespace Bench.Workloads;

/// <summary>
/// One kind of operation after the other on many empty files, 1,000 in a directory, by threads that have directories of their own. Cold means
/// that the kernel has just been made to forget names and inodes.
/// </summary>
internal sealed class NameWorkload
{
    private const int FilesPerDirectory = 1000;
    private readonly int _threads;
    private readonly int _files;
    private readonly byte[][] _directories;
    private readonly byte[][] _names;
    private readonly byte[][] _newNames;

    public NameWorkload(string folder, int files, int threads)
    {
        _threads = threads;
        _directories = [.. Enumerable.Range(0, Math.Max(threads, files / FilesPerDirectory)).Select(i => CString.Allocate($"{folder}/d{i}"))];
        _names = [.. Enumerable.Range(0, files / _directories.Length).Select(i => CString.Allocate($"file-{i:d5}"))];
        _newNames = [.. Enumerable.Range(0, _names.Length).Select(i => CString.Allocate($"moved-{i:d5}"))];
        _files = _names.Length * _directories.Length;
    }

    public void Run(Action<Figure, double> record)
    {
        foreach (byte[] directory in _directories)
        {
            Check(Libc.Mkdirat(Fd.Cwd, CString.FromTerminated(directory), 0x1ED));
        }

        Measure("create", Create, record);
        Workplace.DropCaches();
        Measure("stat cold", Stat, record);
        Measure("open", Open, record);
        Workplace.DropCaches();
        Measure("readdir walk", Walk, record);
        Measure("rename", Rename, record);
        Measure("unlink", Unlink, record);
    }

    private void Measure(string name, Action<Fd> inDirectory, Action<Figure, double> record)
    {
        double seconds = Crew.Time(_threads, worker =>
        {
            for (int i = worker; i < _directories.Length; i += _threads)
            {
                Check(Libc.Openat(
                    Fd.Cwd, CString.FromTerminated(_directories[i]), OpenFlags.ReadOnly | OpenFlags.Directory, 0, out OwnedFd directory));
                using (directory)
                {
                    inDirectory(directory);
                }
            }
        });
        record(Figure.Rate($"{name}, {_threads} {(_threads == 1 ? "thread" : "threads")}", "k/s"), _files / seconds / 1000);
    }

    private void Create(Fd directory)
    {
        foreach (byte[] name in _names)
        {
            OpenFlags flags = OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.WriteOnly;
            Check(Libc.Openat(directory, CString.FromTerminated(name), flags, 0x1A4, out OwnedFd file));
            file.Dispose();
        }
    }

    private void Stat(Fd directory)
    {
        foreach (byte[] name in _names)
        {
            Check(Libc.Statx(directory, CString.FromTerminated(name), AtFlags.SymlinkNoFollow, StatxMask.BasicStats, out _));
        }
    }

    private void Open(Fd directory)
    {
        foreach (byte[] name in _names)
        {
            Check(Libc.Openat(directory, CString.FromTerminated(name), OpenFlags.ReadOnly, 0, out OwnedFd file));
            file.Dispose();
        }
    }

    private void Walk(Fd directory)
    {
        if (TreeWalk.Count(directory) != _names.Length)
        {
            throw new BenchException("a directory does not have the files that were made in it");
        }
    }

    private void Rename(Fd directory)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            Check(Libc.Renameat2(directory, CString.FromTerminated(_names[i]), directory, CString.FromTerminated(_newNames[i]), 0));
        }
    }

    private void Unlink(Fd directory)
    {
        foreach (byte[] name in _newNames)
        {
            Check(Libc.Unlinkat(directory, CString.FromTerminated(name), 0));
        }
    }

    private static void Check(Errno errno)
    {
        if (errno.IsError)
        {
            throw new BenchException($"an operation of the metadata suite failed: {errno}");
        }
    }
}
