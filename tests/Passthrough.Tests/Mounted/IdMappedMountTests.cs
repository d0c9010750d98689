using System.Diagnostics;
using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>A mount of ours is id-mapped once more, as systemd-homed or a container would do it: FUSE_ALLOW_IDMAP (Linux 6.12).</summary>
[Trait("Needs", "root")]
public sealed class IdMappedMountTests
{
    private const string Map = "0 100000 65536\n";

    [Fact]
    public void Owners_of_an_id_mapped_mount_are_mapped_and_creators_are_mapped_back()
    {
        using ContainedMount mount = new("rw");
        File.WriteAllText(Path.Combine(mount.Source, "f"), "content");
        Shell.Bash($"chown 1001:1002 {mount.Source}/f; chmod 777 {mount.Source}; chmod 755 {Path.GetDirectoryName(mount.Source)}");
        string mapped = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(mount.Source)!, "mapped")).FullName;
        MountMapped(mount.Path, mapped);
        try
        {
            Assert.Equal("101001:101002 content", Shell.Bash($"echo $(stat -c %u:%g {mapped}/f) $(cat {mapped}/f)").Trim());
            Shell.Bash($"setpriv --reuid=101005 --regid=101006 --clear-groups -- sh -c 'echo mine > {mapped}/g; mkdir {mapped}/d'");
            Assert.Equal("1005:1006 1005:1006", Shell.Bash($"echo $(stat -c %u:%g {mount.Source}/g {mount.Source}/d)").Trim());
            Shell.Bash($"chown 100007:100008 {mapped}/f");
            Assert.Equal("7:8", Shell.Bash($"stat -c %u:%g {mount.Source}/f").Trim());

            // Whoever the map does not know owns nothing there.
            (int code, string output) = Shell.Run("setpriv", "--reuid=1005", "--regid=1006", "--clear-groups", "--", "touch", mapped + "/h");
            Assert.True(code != 0, output);
            Assert.Contains("Value too large", output, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Bash($"umount {mapped}");
        }
    }

    private static void MountMapped(string path, string target)
    {
        using OwnedFd users = MakeNamespace();
        using OwnedFd source = Open(path);
        Assert.Equal(Errno.None, Libc.OpenTreeClone(source, recursive: false, out OwnedFd tree));
        using (tree)
        {
            Assert.Equal(Errno.None, Libc.MountSetattr(tree, recursive: false, MountAttributes.IdMap, MountAttributes.None, users));
            using OwnedFd mountpoint = Open(target);
            Assert.Equal(Errno.None, Libc.MoveMount(tree, mountpoint));
        }
    }

    private static OwnedFd Open(string path)
    {
        Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.Path, 0, out OwnedFd fd));
        return fd;
    }

    /// <summary>The holder is gone when the descriptor is there: the namespace is the descriptor's.</summary>
    private static OwnedFd MakeNamespace()
    {
        using Process holder = Process.Start("unshare", ["--user", "--", "sleep", "infinity"]);
        try
        {
            string own = new FileInfo("/proc/self/ns/user").LinkTarget!;
            Wait.For("the namespace", () => new FileInfo($"/proc/{holder.Id}/ns/user").LinkTarget is { } other && other != own);
            File.WriteAllText($"/proc/{holder.Id}/uid_map", Map);
            File.WriteAllText($"/proc/{holder.Id}/gid_map", Map);
            Assert.Equal(Errno.None, Libc.OpenUserNamespace(holder.Id, out OwnedFd descriptor));
            return descriptor;
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
    }
}
