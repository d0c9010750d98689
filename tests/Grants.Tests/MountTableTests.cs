using System.Text;
using ServiceHost.Linux;

namespace Grants.Tests;

public sealed class MountTableTests
{
    [Fact]
    public void A_line_is_taken_apart_with_its_escapes_and_optional_fields()
    {
        MountTableEntry entry = Assert.Single(Parse(
            "36 35 98:0 /mnt1 /mnt\\0402\\134x rw,noatime master:1 unbindable - ext3 /dev/a\\011b rw,errors=continue\n"));
        Assert.Equal((36ul, 35ul, 98u, 0u), (entry.Id, entry.ParentId, entry.DeviceMajor, entry.DeviceMinor));
        Assert.Equal(("/mnt 2\\x", "ext3", "/dev/a\tb", "rw,errors=continue"),
            (entry.Mountpoint, entry.Type, entry.Source, entry.SuperOptions));
        Assert.True(entry.IsUnbindable);
    }

    [Fact]
    public void A_mount_called_dash_is_not_the_separator()
    {
        MountTableEntry entry = Assert.Single(Parse("36 35 0:5 / /- rw - tmpfs none rw\n"));
        Assert.Equal(("/-", "tmpfs"), (entry.Mountpoint, entry.Type));
        Assert.False(entry.IsUnbindable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("36\n")]
    [InlineData("36 35 98 / /m rw - ext3 d rw\n")]
    [InlineData("x 35 98:0 / /m rw - ext3 d rw\n")]
    [InlineData("36 35 98:0 / /m rw ext3 d rw\n")]
    [InlineData("36 35 98:0 / /m rw - ext3\n")]
    public void What_is_no_mountinfo_line_is_no_mount(string text)
    {
        Assert.Empty(Parse(text));
    }

    [Fact]
    public void The_table_of_this_process_has_its_root()
    {
        Assert.Equal(Errno.None, MountTable.Read(out MountTable table));
        Assert.Contains(table.Entries, static entry => entry.Mountpoint == "/");
    }

    private static List<MountTableEntry> Parse(string text) => MountTable.Parse(Encoding.Latin1.GetBytes(text));
}
