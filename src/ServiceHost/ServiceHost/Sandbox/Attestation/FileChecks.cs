using System.Globalization;
using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>What the process can reach through the file system, and what it holds already.</summary>
internal static class FileChecks
{
    private const int StandardDescriptors = 3;

    // A root with one of these is not the empty one of a unit.
    private static readonly string[] s_hostPaths =
    [
        "/etc/passwd", "/etc/shadow", "/bin/sh", "/usr/bin/env", "/usr/sbin", "/usr/share", "/home", "/boot", "/var/lib", "/var/log", "/srv",
        "/mnt", "/media", "/opt", "/dev/fuse", "/run/systemd/private", "/run/dbus", "/sys/kernel", "/proc/sys/kernel",
    ];

    /// <summary>Nothing but the grants and the program can be opened: neither a directory nor this process' own status.</summary>
    public static void CheckLandlock(AttestationFiles files, PropertyReport report)
    {
        CheckRefused(Fd.Cwd, "/\0"u8, "/", OpenFlags.Directory, report);
        CheckRefused(files.Descriptors, "../status\0"u8, "/proc/self/status", OpenFlags.ReadOnly, report);
        CheckRefused(files.Descriptors, "../task\0"u8, "/proc/self/task", OpenFlags.Directory, report);
    }

    /// <summary>Looking needs no right that Landlock could refuse, so what is not found is not there.</summary>
    public static void CheckRoot(AttestationFiles files, PropertyReport report)
    {
        foreach (string path in s_hostPaths)
        {
            byte[] name = CString.Allocate(path);
            Errno errno = Libc.Statx(Fd.Cwd, CString.FromTerminated(name), AtFlags.SymlinkNoFollow, StatxMask.Type, out _);
            report(ContainmentProperty.EmptyRoot, errno == Errno.ENOENT || errno == Errno.EACCES, $"{path} is there");
        }

        Errno read = ProcFile.Read(files.Mounts, out byte[] table);
        report(ContainmentProperty.ReadOnlyMounts, read.IsOk, $"the mount table cannot be read: {read}");
        foreach (MountTableEntry mount in MountTable.Parse(table))
        {
            report(ContainmentProperty.ReadOnlyMounts, mount.IsReadOnly || IsKernelsOwn(mount), $"{mount.Mountpoint} can be written");
        }
    }

    /// <summary>Each descriptor has its place in the handover; what came in by accident is found here.</summary>
    public static void CheckDescriptors(AttestationExpectation expected, AttestationFiles files, PropertyReport report)
    {
        Errno errno = StateDirectory.ListOpen(files.Descriptors, out List<string> open);
        report(ContainmentProperty.Descriptors, errno.IsOk && open.Count >= StandardDescriptors, $"they cannot be listed: {errno}");
        foreach (string name in open)
        {
            bool known = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && (number < StandardDescriptors || expected.Descriptors.Contains(number));
            report(ContainmentProperty.Descriptors, known, $"{name} is open and not accounted for");
        }
    }

    private static void CheckRefused(Fd directory, ReadOnlySpan<byte> path, string shown, OpenFlags flags, PropertyReport report)
    {
        Errno errno = Libc.Openat(directory, CString.FromTerminated(path), flags, 0, out OwnedFd opened);
        opened.Dispose();
        report(ContainmentProperty.Landlock, errno == Errno.EACCES, $"{shown}: {(errno.IsOk ? "can be opened" : errno.Name)}");
    }

    // What the kernel makes up itself; the unit hides of it what can be hidden, and Landlock refuses to open the rest.
    private static bool IsKernelsOwn(MountTableEntry mount) => mount.Type is "proc" or "sysfs" or "devtmpfs" or "tmpfs" or "devpts" or "cgroup2" or "mqueue" or "hugetlbfs";
}
