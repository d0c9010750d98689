namespace Escape.Tests;

/// <summary>A server of a directory, in the user namespace of its grant, without a unit.</summary>
[Trait("Needs", "root")]
public sealed class TreePlainTests(TreePlainMount mount) : IClassFixture<TreePlainMount>
{
    [Theory]
    [InlineData("main")]
    [InlineData("pool")]
    [InlineData("finalizer")]
    [InlineData("worker")]
    public void Every_attempt_is_refused(string thread) => Results.AssertAsExpected(mount.Read(thread), static row => row.TreePlain);

    [Theory]
    [InlineData("descriptors", "EMFILE", 600_000)]
    [InlineData("threads", "EAGAIN", 256)]
    [InlineData("memory", "ENOMEM", 128)]
    public void What_it_takes_is_bounded_and_it_serves_on(string resource, string reason, int most)
    {
        Results.AssertBounded(mount.Read(resource), reason, most);
        Assert.Equal("hello\n", mount.Read("hello"));
    }

    [Fact]
    public void It_leaves_no_trace()
    {
        mount.Read("worker");
        Assert.Equal(["file", "tree"], mount.FilesOfEverybody);
    }
}
