using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>File calls relative to a clone's root, as a server makes them.</summary>
internal static class Through
{
    internal static Errno Open(OwnedFd root, string path, OpenFlags flags, uint mode = 0)
    {
        Errno errno = Libc.Openat(root, CString.FromTerminated(CString.Allocate(path)), flags, mode, out OwnedFd opened);
        opened.Dispose();
        return errno;
    }

    internal static Statx Stat(OwnedFd root, string path)
    {
        Assert.Equal(
            Errno.None,
            Libc.Statx(
                root, CString.FromTerminated(CString.Allocate(path)), AtFlags.SymlinkNoFollow | AtFlags.EmptyPath,
                StatxMask.BasicStats, out Statx statx));
        return statx;
    }
}
