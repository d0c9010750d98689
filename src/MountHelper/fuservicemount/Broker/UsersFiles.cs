using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMount;

/// <summary>Opens what a user named, after a look at what it is: opening a FIFO or a device could block or do something.</summary>
internal static class UsersFiles
{
    private const OpenFlags Quiet = OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal;

    /// <summary>A directory for reading, a file for writing: what the broker takes for the right to mount there.</summary>
    public static OwnedFd OpenMountpoint(byte[] path)
    {
        string shown = DisplayText.FromBytes(path);
        Errno errno = Pin(path, out OwnedFd pinned, out Statx status);
        using (pinned)
        {
            if (errno.IsError)
            {
                throw new MountFailedException($"the mountpoint {shown}", errno, errno == Errno.ENOENT ? "make the directory first" : null);
            }

            MountFailedException.ThrowIfBroken(Rule.MountpointIsDirectoryOrFile, !status.IsDirectory && !status.IsRegular,
                $"the mountpoint {shown} is neither a directory nor a regular file");
            errno = Reopen(pinned, status.IsDirectory ? OpenFlags.ReadOnly | OpenFlags.Directory : OpenFlags.WriteOnly, out OwnedFd opened);
            return errno.IsOk ? opened : throw new MountFailedException($"the mountpoint {shown}", errno,
                "mount where you may read and write");
        }
    }

    /// <summary>
    /// ENODEV for what no server is ever given. The errno is the caller's own: EBUSY for a block device that is mounted or claimed, which
    /// opening it for reading alone claims in turn, for as long as the server has it.
    /// </summary>
    public static Errno OpenSource(byte[] path, OpenFlags access, out OwnedFd opened, out bool isDirectory)
    {
        opened = OwnedFd.Take(-1);
        Errno errno = Pin(path, out OwnedFd pinned, out Statx status);
        using (pinned)
        {
            isDirectory = errno.IsOk && status.IsDirectory;
            bool usable = isDirectory || status.IsRegular || status.FileType == ModeBits.BlockDevice;
            bool claims = status.FileType == ModeBits.BlockDevice && access == OpenFlags.ReadOnly;
            return errno.IsError ? errno : usable ? Reopen(pinned, claims ? access | OpenFlags.Exclusive : access, out opened) : Errno.ENODEV;
        }
    }

    private static Errno Pin(byte[] path, out OwnedFd pinned, out Statx status)
    {
        status = default;
        Span<byte> terminated = stackalloc byte[Limits.PathBytes];
        if (!CString.TryCopy(path, terminated, out CString name))
        {
            pinned = OwnedFd.Take(-1);
            return Errno.ENAMETOOLONG;
        }

        Errno errno = Libc.Openat(Fd.Cwd, name, OpenFlags.Path, 0, out pinned);
        return errno.IsError ? errno : Libc.Statx(pinned, default, AtFlags.EmptyPath | AtFlags.StatxDontSync, StatxMask.BasicStats, out status);
    }

    private static Errno Reopen(OwnedFd pinned, OpenFlags access, out OwnedFd opened) => Libc.Openat(
        Fd.Cwd, CString.FromTerminated(DescriptorPath.Link(pinned.Number)), access | Quiet | OpenFlags.LargeFile, 0, out opened);
}
