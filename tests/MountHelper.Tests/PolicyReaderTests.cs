using System.Text;

namespace MountHelper.Tests;

public sealed class PolicyReaderTests
{
    private static List<PolicyEntry> Read(string text) => PolicyReader.Read(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Roles_and_paths_are_read_and_are_read_only_unless_they_say_rw()
    {
        List<PolicyEntry> entries = Read("""
            # journals on another disk
            allow ext4 role journal /dev/sdb1 rw

            allow	fuse4fs   path /proc/pressure/memory   # pressure
            allow ext4 role log /var/x ro
            """);

        Assert.Equal(3, entries.Count);
        Assert.Equal(("ext4", "journal", true), (entries[0].Type, entries[0].Role, entries[0].Writable));
        Assert.Equal("/dev/sdb1"u8.ToArray(), entries[0].Path);
        Assert.Equal(("fuse4fs", (string?)null, false), (entries[1].Type, entries[1].Role, entries[1].Writable));
        Assert.False(entries[2].Writable);
    }

    [Theory]
    [InlineData("allow")]
    [InlineData("allow ext4")]
    [InlineData("allow ext4 role journal")]
    [InlineData("allow ext4 role journal sdb1")]
    [InlineData("allow ext4 role source /dev/sdb1")]
    [InlineData("allow ext4 role jour/nal /dev/sdb1")]
    [InlineData("allow ../ext4 path /dev/sdb1")]
    [InlineData("allow ext4 path /dev/sdb1 rw ro")]
    [InlineData("allow ext4 path /dev/sdb1 RW")]
    [InlineData("deny ext4 path /dev/sdb1")]
    [InlineData("\0")]
    public void A_line_that_is_not_understood_ends_it(string line)
    {
        MountFailedException failed = Assert.Throws<MountFailedException>(() => Read("allow a path /b\n" + line));

        Assert.Same(Rule.PolicyIsRoots, failed.Failure.Rule);
        Assert.StartsWith("line 2 of the policy ", failed.Failure.Problem, StringComparison.Ordinal);
    }
}
