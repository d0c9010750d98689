using ServiceHost.Linux;

namespace Grants.Tests;

/// <summary>The calls that go by unique mount ids, against the kernel.</summary>
[Trait("Needs", "root")]
public sealed class MountApiTests
{
    [Fact]
    public void A_mount_is_listed_and_exists_until_it_is_unmounted()
    {
        using Scratch scratch = new();
        string folder = scratch.Mount("mnt", "-t", "tmpfs", "none");
        ulong id;
        using (OwnedFd root = Scratch.Pin(folder))
        {
            id = MountIdentity.UniqueId(root);
        }

        Assert.Contains(id, List());
        Assert.Equal(Errno.None, Libc.StatmountExists(id));
        Scratch.Run("umount", folder);
        Assert.DoesNotContain(id, List());
        Assert.Equal(Errno.ENOENT, Libc.StatmountExists(id));
    }

    [Fact]
    public void The_list_can_be_read_in_pieces()
    {
        List<ulong> whole = List();
        List<ulong> pieces = [];
        ulong[] one = new ulong[1];
        while (true)
        {
            Assert.Equal(Errno.None, Libc.Listmount(one, pieces.LastOrDefault(), out int count));
            if (count == 0)
            {
                break;
            }

            pieces.Add(one[0]);
        }

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void The_reusable_id_is_the_one_of_mountinfo()
    {
        using Scratch scratch = new();
        string folder = scratch.Mount("mnt", "-t", "tmpfs", "none");
        using OwnedFd root = Scratch.Pin(folder);
        Assert.Equal(Errno.None, MountTable.Read(out MountTable table));
        Assert.Equal(folder, table.Find(MountIdentity.ReusableId(root))?.Mountpoint);
    }

    private static List<ulong> List()
    {
        ulong[] ids = new ulong[4096];
        Assert.Equal(Errno.None, Libc.Listmount(ids, 0, out int count));
        Assert.InRange(count, 1, ids.Length - 1);
        return [.. ids.AsSpan(0, count)];
    }
}
