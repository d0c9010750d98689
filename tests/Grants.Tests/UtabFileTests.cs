using MountHelper.Mounting;
using ServiceHost.Linux;

namespace Grants.Tests;

public sealed class UtabFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Utab => _scratch.Path + "/utab";

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void An_entry_is_written_as_libmount_writes_it()
    {
        Assert.Equal(Errno.None, UtabFile.Add("a b"u8, "/mnt/x\\y z\n"u8, "fuse.t", _scratch.Path));
        Assert.Equal("SRC=a\\040b TARGET=/mnt/x\\134y\\040z\\012 ROOT=/ OPTS=uhelper=fuse.t\n", File.ReadAllText(Utab));
    }

    [Fact]
    public void Other_entries_are_left_as_they_are()
    {
        const string other = "SRC=none TARGET=/other ROOT=/ OPTS=x-a=1\n";
        File.WriteAllText(Utab, other);
        Assert.Equal(Errno.None, UtabFile.Add("s"u8, "/mnt"u8, "fuse.t", _scratch.Path));
        Assert.Equal(Errno.None, UtabFile.Add("s2"u8, "/mnt"u8, "fuse.t", _scratch.Path));
        Assert.Equal(other + "SRC=s2 TARGET=/mnt ROOT=/ OPTS=uhelper=fuse.t\n", File.ReadAllText(Utab));
        Assert.Equal(Errno.None, UtabFile.Remove("/mnt"u8, _scratch.Path));
        Assert.Equal(other, File.ReadAllText(Utab));
    }

    [Fact]
    public void Removing_what_is_not_there_changes_nothing()
    {
        Assert.Equal(Errno.None, UtabFile.Remove("/mnt"u8, _scratch.Path));
        Assert.False(File.Exists(Utab));
    }

    [Fact]
    public void Everybody_may_read_it_whatever_the_umask()
    {
        Assert.Equal(Errno.None, UtabFile.Add("s"u8, "/mnt"u8, "fuse.t", _scratch.Path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(Utab));
    }

    [Fact]
    public void A_symbolic_link_in_its_place_is_not_followed()
    {
        string elsewhere = _scratch.Path + "/elsewhere";
        File.WriteAllText(elsewhere, "mine");
        File.CreateSymbolicLink(Utab, elsewhere);
        Assert.Equal(Errno.ELOOP, UtabFile.Add("s"u8, "/mnt"u8, "fuse.t", _scratch.Path));
        Assert.Equal("mine", File.ReadAllText(elsewhere));
    }

    [Fact]
    public void Concurrent_writers_lose_nothing()
    {
        Thread[] writers = [.. Enumerable.Range(0, 8).Select(writer => new Thread(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                byte[] mountpoint = System.Text.Encoding.ASCII.GetBytes($"/mnt/{writer}-{i}");
                Assert.Equal(Errno.None, UtabFile.Add("s"u8, mountpoint, "fuse.t", _scratch.Path));
            }
        }))];
        Array.ForEach(writers, static writer => writer.Start());
        Array.ForEach(writers, static writer => writer.Join());
        Assert.Equal(160, File.ReadLines(Utab).Distinct().Count());
    }
}
