using Ext4.Tests;

namespace Ext4.Corpus.Tests;

/// <summary>An image mounted by the kernel's ext4 on a loop device; both are gone with the test.</summary>
internal sealed class KernelMount : IDisposable
{
    private KernelMount(string path) => Path = path;

    public string Path { get; }

    /// <summary>
    /// Null, and what mount(8) said, when the kernel refuses. The device itself is writable also for a read-only mount: without that, the
    /// kernel could not recover a journal.
    /// </summary>
    public static KernelMount? TryMount(string image, string options, out string said)
    {
        string path = Directory.CreateTempSubdirectory("ext4-kernel-").FullName;
        string device = Tool.Run("losetup", "--find", "--show", image).Trim();
        (int code, said) = Tool.RunAny("mount", "-t", "ext4", "-o", options, device, path);
        // The mount keeps the device; without one it goes now.
        Tool.Run("losetup", "--detach", device);
        if (code == 0) return new KernelMount(path);
        Directory.Delete(path);
        return null;
    }

    public void Dispose()
    {
        Tool.Unmount(Path);
        Directory.Delete(Path);
    }
}
