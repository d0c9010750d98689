using System.Globalization;
using ServiceHost.Connection;
using ServiceHost.Linux;

namespace ServiceHost.Developer;

/// <summary>
/// What the Mounter does for a service, done by the service itself: a superblock on a device, detached, and then attached to a
/// pinned mountpoint. For developer mode only, as root and without a namespace.
/// </summary>
internal sealed class DeveloperMount : IDisposable
{
    private readonly byte[] _path;
    private readonly OwnedFd _mountpoint;
    private OwnedFd? _mount;

    private DeveloperMount(byte[] path, OwnedFd mountpoint) => (_path, _mountpoint) = (path, mountpoint);

    public static DeveloperMount Pin(string mountpoint)
    {
        byte[] path = CString.Allocate(mountpoint);
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(path), OpenFlags.Path, 0, out OwnedFd pinned);
        return errno.IsOk ? new DeveloperMount(path, pinned) : throw new ServiceException($"{mountpoint}: {errno}");
    }

    /// <summary>
    /// Makes the superblock. With SYNC_INIT armed on the device this waits for the answer to INIT, so the session must be running.
    /// </summary>
    public void CreateSuperblock(OwnedFd device, ServiceContext context, V1MountWords words, FuseMountPlan plan, string type)
    {
        Errno errno = Libc.Fsopen(CString.FromTerminated("fuse\0"u8), out OwnedFd superblock);
        using (superblock)
        {
            Check(errno, "fsopen", superblock);
            foreach ((string key, string? value) in Settings(device, context, words, plan, type))
            {
                Set(superblock, key, value);
            }

            Check(Libc.FsconfigCreate(superblock), "making the superblock", superblock);
            Check(Libc.Fsmount(superblock, Attributes(words), out OwnedFd mount), "fsmount", superblock);
            _mount = mount;
        }
    }

    /// <summary>Makes the mount visible. Its descriptor is closed, because it would make every umount fail with EBUSY.</summary>
    public void Attach()
    {
        OwnedFd mount = _mount ?? throw new InvalidOperationException("There is no superblock.");
        Errno errno = Libc.MoveMount(mount, _mountpoint);
        mount.Dispose();
        _mount = null;
        _mountpoint.Dispose();
        if (errno.IsError)
        {
            throw new ServiceException($"cannot attach the mount: {errno}");
        }
    }

    /// <summary>EBUSY when somebody works in it, unless lazily.</summary>
    public Errno Unmount(bool lazily) =>
        Libc.Umount2(CString.FromTerminated(_path), lazily ? UnmountFlags.NoFollow | UnmountFlags.Detach : UnmountFlags.NoFollow);

    public void Dispose()
    {
        _mount?.Dispose();
        _mountpoint.Dispose();
    }

    private static IEnumerable<(string Key, string? Value)> Settings(
        OwnedFd device, ServiceContext context, V1MountWords words, FuseMountPlan plan, string type)
    {
        yield return ("source", words.FsName ?? context.SourceName);
        yield return ("subtype", type);
        yield return ("fd", device.Number.ToString(CultureInfo.InvariantCulture));
        yield return ("rootmode", Convert.ToString(plan.RootMode, 8));
        yield return ("user_id", context.Uid.ToString(CultureInfo.InvariantCulture));
        yield return ("group_id", context.Gid.ToString(CultureInfo.InvariantCulture));
        foreach (string option in words.KernelOptionsFor(words.AllowOther ?? true, plan))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? (option, null) : (option[..equals], option[(equals + 1)..]);
        }

        foreach (string flag in words.SuperblockFlags)
        {
            yield return (flag, null);
        }
    }

    private static void Set(OwnedFd superblock, string key, string? value)
    {
        CString name = CString.FromTerminated(CString.Allocate(key));
        Errno errno = value is null
            ? Libc.FsconfigFlag(superblock, name)
            : Libc.FsconfigString(superblock, name, CString.FromTerminated(CString.Allocate(value)));
        Check(errno, $"mount option {key}", superblock);
    }

    private static void Check(Errno errno, string what, OwnedFd superblock)
    {
        if (errno.IsError)
        {
            string words = superblock.IsInvalid ? string.Empty : string.Join("; ", FilesystemContextLog.Drain(superblock));
            throw new ServiceException(words.Length > 0 ? $"{what}: {errno} ({words})" : $"{what}: {errno}");
        }
    }

    private static MountAttributes Attributes(V1MountWords words)
    {
        MountAttributes attributes = MountAttributes.None;
        foreach ((string word, MountAttributes attribute) in s_attributes)
        {
            attributes |= words.Has(word) ? attribute : MountAttributes.None;
        }

        return attributes;
    }

    private static readonly (string Word, MountAttributes Attribute)[] s_attributes =
    [
        ("ro", MountAttributes.ReadOnly),
        ("nosuid", MountAttributes.NoSuid),
        ("nodev", MountAttributes.NoDev),
        ("noexec", MountAttributes.NoExec),
        ("noatime", MountAttributes.NoAtime),
        ("nodiratime", MountAttributes.NoDirAtime),
        ("strictatime", MountAttributes.StrictAtime),
        ("nosymfollow", MountAttributes.NoSymFollow),
    ];
}
