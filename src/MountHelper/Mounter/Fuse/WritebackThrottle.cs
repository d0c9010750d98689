using System.Globalization;
using System.Text;
using MountHelper.Mounting;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// The kernel lets a FUSE mount have one in a hundred of all dirty pages, and holds writers to that even when nobody else writes (the strict limit of
/// its backing device): a server that stops writing back must not be able to fill the memory with what it owes. For a mount whose server is
/// trusted that far, it is what makes buffered writers slow.
/// </summary>
internal static class WritebackThrottle
{
    private const string AllOfIt = "100";

    /// <summary>
    /// Lets the mount have as much as any disk. Through a mount of sysfs that is attached nowhere: whoever runs this may see none, or one that
    /// is read-only. An error leaves the throttle, or a part of it, as it was.
    /// </summary>
    public static Errno Lift(MountName mount, bool isFuseblk)
    {
        Errno errno = Libc.Fsopen(CString.FromTerminated("sysfs\0"u8), out OwnedFd context);
        using (context)
        {
            errno = errno.IsError ? errno : Libc.FsconfigCreate(context);
            if (errno.IsError)
            {
                return errno;
            }

            errno = Libc.Fsmount(context, MountAttributes.None, out OwnedFd root);
            using (root)
            {
                string device = string.Create(
                    CultureInfo.InvariantCulture, $"class/bdi/{mount.DeviceMajor}:{mount.DeviceMinor}{(isFuseblk ? "-fuseblk" : "")}");
                errno = errno.IsError ? errno : Write(root, device + "/strict_limit", "0");
                return errno.IsError ? errno : Write(root, device + "/max_ratio", AllOfIt);
            }
        }
    }

    private static Errno Write(OwnedFd root, string path, string value)
    {
        Errno errno = Libc.Openat(root, CString.FromTerminated(CString.Allocate(path)), OpenFlags.WriteOnly, 0, out OwnedFd file);
        using (file)
        {
            return errno.IsError ? errno : Libc.Write(file, Encoding.ASCII.GetBytes(value), out _);
        }
    }
}
