using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>A directory of its own for one test, removed afterwards.</summary>
internal sealed class TempTree : IDisposable
{
    public TempTree() => Path = Directory.CreateTempSubdirectory("fuservice-pass-").FullName;

    public string Path { get; }

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public OwnedFd OpenRoot()
    {
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(Path)), OpenFlags.Path | OpenFlags.Directory, 0, out OwnedFd root);
        Assert.Equal(Errno.None, errno);
        return root;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it itself.
        }
    }
}
