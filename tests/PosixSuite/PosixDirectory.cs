using System.Text;
using ServiceHost.Linux;

namespace PosixSuite;

/// <summary>The directory that a case works in, with the calls that cases are made of.</summary>
public sealed class PosixDirectory : PosixCalls, IDisposable
{
    private readonly OwnedFd _fd;

    public PosixDirectory(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
        _fd = OpenPath(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        Libc.UnshareWorkingDirectory();
        Libc.Umask(0);
    }

    public string Path { get; }

    public Fd Fd => _fd;

    public Errno TryOpen(string name, OpenFlags flags, out OwnedFd opened, uint mode = 0x1A4) =>
        Libc.Openat(_fd, CString.FromTerminated(Z(name)), flags, mode, out opened);

    public OwnedFd Open(string name, OpenFlags flags = OpenFlags.ReadWrite, uint mode = 0x1A4)
    {
        Expect(Errno.None, TryOpen(name, flags, out OwnedFd opened, mode), $"open {name} {flags}");
        return opened;
    }

    public OwnedFd CreateFile(string name, string content = "")
    {
        OwnedFd file = Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive);
        Write(file, 0, Encoding.UTF8.GetBytes(content));
        return file;
    }

    public void MakeFile(string name, string content = "") => CreateFile(name, content).Dispose();

    public void MakeDirectory(string name) => Expect(Errno.None, Mkdir(name), $"mkdir {name}");

    public Errno Mkdir(string name, uint mode = 0x1ED) => Libc.Mkdirat(_fd, CString.FromTerminated(Z(name)), mode);

    public Errno Unlink(string name) => Libc.Unlinkat(_fd, CString.FromTerminated(Z(name)), AtFlags.None);

    public Errno Rmdir(string name) => Libc.Unlinkat(_fd, CString.FromTerminated(Z(name)), AtFlags.RemoveDirectory);

    public Errno Symlink(string target, string name) => Libc.Symlinkat(CString.FromTerminated(Z(target)), _fd, CString.FromTerminated(Z(name)));

    public Errno Link(string name, string newName) =>
        Libc.Linkat(_fd, CString.FromTerminated(Z(name)), _fd, CString.FromTerminated(Z(newName)), AtFlags.None);

    public Errno Rename(string name, string newName, RenameFlags flags = RenameFlags.None) =>
        Libc.Renameat2(_fd, CString.FromTerminated(Z(name)), _fd, CString.FromTerminated(Z(newName)), flags);

    public Errno TryStat(string name, out Statx stat) =>
        Libc.Statx(
            _fd, CString.FromTerminated(Z(name)), AtFlags.SymlinkNoFollow, StatxMask.BasicStats | StatxMask.BirthTime, out stat);

    public Statx Stat(string name)
    {
        Expect(Errno.None, TryStat(name, out Statx stat), $"stat {name}");
        return stat;
    }

    public string ReadText(string name)
    {
        using OwnedFd file = Open(name, OpenFlags.ReadOnly);
        return Encoding.UTF8.GetString(Read(file, 0, 1 << 16));
    }

    public void Dispose()
    {
        _fd.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private static OwnedFd OpenPath(string path, OpenFlags flags)
    {
        Expect(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(Z(path)), flags, 0, out OwnedFd opened), $"open {path}");
        return opened;
    }
}
