using System.Text;
using MountHelper.Mounting;
using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>That the utab entry does what it is there for, against the umount(8) of this system.</summary>
[Trait("Needs", "root")]
public sealed class UmountHelperTests
{
    private const string Helper = "/sbin/umount.ramfs";

    /// <summary>A ramfs, because for a dead FUSE mount umount(8) takes the long way round even without an entry.</summary>
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
            string folder = scratch.Mount("mnt", "-t", "ramfs", "none");
            if (withEntry)
            {
                Assert.Equal(Errno.None, UtabFile.Add("s"u8, Encoding.UTF8.GetBytes(folder), "ramfs"));
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
}
