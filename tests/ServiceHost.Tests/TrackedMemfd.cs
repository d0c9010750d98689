using ServiceHost.Linux;

namespace ServiceHost.Tests;

/// <summary>Memfds with a name of their own, so that the copies which are still open in this process can be counted.</summary>
internal sealed class TrackedMemfd : IDisposable
{
    private readonly string _name = "tracked-" + Guid.NewGuid().ToString("N");

    public TrackedMemfd(byte[] content, FileSeals seals = FileSeals.Immutable)
    {
        Assert.Equal(Errno.None, Libc.MemfdCreate(CString.FromTerminated(CString.Allocate(_name)), out OwnedFd fd));
        Assert.True(content.Length == 0 || Libc.Pwrite(fd, content, 0, out _).IsOk);
        Assert.True(seals == FileSeals.None || Libc.AddSeals(fd, seals).IsOk);
        Fd = fd;
    }

    public OwnedFd Fd { get; }

    /// <summary>How many descriptors of this process refer to it, this object's own included.</summary>
    public int OpenCount =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(path => LinkTarget(path).Contains(_name, StringComparison.Ordinal));

    public void Dispose() => Fd.Dispose();

    private static string LinkTarget(string path) => new FileInfo(path).LinkTarget ?? string.Empty;
}
