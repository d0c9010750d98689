using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The mountpoint, found once and held by an O_PATH descriptor. The mount is moved onto the descriptor, so a directory that is
/// renamed, replaced by a symbolic link or reached through a swapped ".." in the meantime changes nothing.
/// </summary>
public sealed class MountTarget : IDisposable
{
    private MountTarget(OwnedFd handle, byte[] name, byte[] canonicalPath, bool isDirectory)
    {
        Handle = handle;
        Name = name;
        CanonicalPath = canonicalPath;
        IsDirectory = isDirectory;
    }

    public OwnedFd Handle { get; }

    /// <summary>The word the caller wrote; what a server of v1 has to repeat.</summary>
    public byte[] Name { get; }

    /// <summary>Without symbolic links, for utab and the registry.</summary>
    public byte[] CanonicalPath { get; }

    public bool IsDirectory { get; }

    public string Display => DisplayText.FromBytes(Name);

    public static MountTarget Pin(byte[] path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Span<byte> terminated = stackalloc byte[Limits.PathBytes];
        if (!CString.TryCopy(path, terminated, out CString name))
        {
            throw new MountFailedException("the mountpoint", Errno.ENAMETOOLONG);
        }

        Errno errno = Libc.Openat(Fd.Cwd, name, OpenFlags.Path, 0, out OwnedFd handle);
        if (errno.IsError)
        {
            throw new MountFailedException($"the mountpoint {DisplayText.FromBytes(path)}", errno,
                errno == Errno.ENOENT ? "make the directory first" : null);
        }

        errno = Libc.Statx(handle, default, AtFlags.EmptyPath | AtFlags.StatxDontSync, StatxMask.Type, out Statx status);
        if (errno.IsError)
        {
            handle.Dispose();
            throw new MountFailedException($"the mountpoint {DisplayText.FromBytes(path)}", errno);
        }

        return Adopt(handle, path, status);
    }

    /// <summary>
    /// Takes over a descriptor that somebody else opened and looked at, the failing one included. Root cannot look at everything: a FUSE
    /// filesystem can be its owner's alone.
    /// </summary>
    public static MountTarget Adopt(OwnedFd handle, byte[] name, in Statx status)
    {
        ArgumentNullException.ThrowIfNull(handle);
        bool adopted = false;
        try
        {
            string display = DisplayText.FromBytes(name);
            MountFailedException.ThrowIfBroken(Rule.MountpointIsDirectoryOrFile, !status.IsDirectory && !status.IsRegular,
                $"the mountpoint {display} is neither a directory nor a regular file");
            Errno errno = DescriptorPath.Read(handle, out string canonical);
            if (errno.IsError)
            {
                throw new MountFailedException($"the path of the mountpoint {display} in /proc", errno, "mount /proc");
            }

            adopted = true;
            return new MountTarget(handle, name, Encoding.Latin1.GetBytes(canonical), status.IsDirectory);
        }
        finally
        {
            if (!adopted)
            {
                handle.Dispose();
            }
        }
    }

    public void Dispose() => Handle.Dispose();
}
