using System.Text;
using MountHelper.Mounting;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>That the utab entry does what it is there for, against the umount(8) of this system.</summary>
[Trait("Needs", "root")]
public sealed class UmountHelperTests
{
    private const string Helper = "/sbin/umount.fuse.granttest";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plain_umount_of_root_calls_our_helper_only_with_a_utab_entry(bool withEntry)
    {
        using Scratch scratch = new();
        string mark = scratch.Path + "/called";
        Assert.False(File.Exists(Helper));
        try
        {
            File.WriteAllText(Helper, $"#!/bin/sh\necho \"$@\" >{mark}\nexec umount -i \"$1\"\n");
            File.SetUnixFileMode(Helper, (UnixFileMode)0x1ED);
            using TinyFuseServer server = new();
            string folder = Mount(scratch, server);
            if (withEntry)
            {
                Assert.Equal(Errno.None, UtabFile.Add("s"u8, Encoding.UTF8.GetBytes(folder), "fuse.granttest"));
            }

            Scratch.Run("umount", folder);
            Assert.Equal(withEntry, File.Exists(mark));
            UtabFile.Remove(Encoding.UTF8.GetBytes(folder));
        }
        finally
        {
            File.Delete(Helper);
        }
    }

    private static string Mount(Scratch scratch, TinyFuseServer server)
    {
        string folder = scratch.Folder("mnt");
        using OwnedFd mountpoint = Scratch.Pin(folder);
        SuperblockRequest request = new()
        {
            FilesystemType = "fuse",
            Subtype = "granttest",
            Source = "s"u8.ToArray(),
            RootMode = 0x4000,
            UserId = 0,
            GroupId = 0,
        };
        Assert.True(DetachedMount.TryCreate(request, server.Device, mountpoint, out DetachedMount? mount, out _));
        using (mount)
        {
            server.Start();
            Assert.True(mount.TryAttach(mountpoint, out _));
            scratch.Track(folder);
        }

        return folder;
    }
}
