using System.Globalization;
using ServiceHost.Linux;

namespace Bench.Workloads;

/// <summary>An ext4 image on a tmpfs behind a loop device that is the same for all contenders.</summary>
internal sealed class Ext4Image
{
    private const uint RegularFile = 0x81A4; // S_IFREG | 0644
    private readonly string _file;
    private FdCell _use;

    /// <param name="place">Where to make it.</param>
    /// <param name="size">As truncate(1) takes it.</param>
    /// <param name="mkfs">More for mkfs.ext4.</param>
    /// <param name="fill">Makes what is in it, through the kernel.</param>
    public Ext4Image(Workplace place, string size, string[] mkfs, Action<string> fill)
    {
        _file = Path.Combine(place.Root, "ext4.img");
        Shell.Run("truncate", "-s", size, _file);
        Shell.Run("mkfs.ext4", ["-q", "-F", "-m", "0", .. mkfs, _file]);

        // From here on the device goes with its last user, and we are one: whatever ends this process leaves no loop device behind.
        Device = Shell.Run("losetup", "--find", "--show", _file).Trim();
        Errno errno = Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(Device)), OpenFlags.ReadOnly, 0, out _use);
        Shell.Run("losetup", "-d", Device);
        if (errno.IsError)
        {
            throw new BenchException($"{Device} cannot be opened: {errno}");
        }

        Shell.Run("mount", "-t", "ext4", "-o", "noinit_itable", Device, place.MountPoint);
        fill(place.MountPoint);
        Shell.Run("umount", place.MountPoint);
    }

    public string Device { get; }

    /// <summary>Empty files in directories of 1,000.</summary>
    public static void MakeFiles(string folder, int files)
    {
        for (int i = 0; i < files / 1000; i++)
        {
            string directory = Directory.CreateDirectory(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"d{i}"))).FullName;
            for (int file = 0; file < 1000; file++)
            {
                byte[] name = CString.Allocate(string.Create(CultureInfo.InvariantCulture, $"{directory}/file-{file:d4}"));
                Errno errno = Libc.Mknodat(Fd.Cwd, CString.FromTerminated(name), RegularFile, 0);
                if (errno.IsError)
                {
                    throw new BenchException($"filling the image failed: {errno}");
                }
            }
        }
    }

    public void Remove()
    {
        _use.Close();
        File.Delete(_file);
    }
}
