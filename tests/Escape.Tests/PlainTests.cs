namespace Escape.Tests;

/// <summary>A server that was started by systemd-socket-activate: whatever holds it, it has done itself.</summary>
[Trait("Needs", "root")]
public sealed class PlainTests(PlainMount mount) : IClassFixture<PlainMount>
{
    [Theory]
    [InlineData("main")]
    [InlineData("pool")]
    [InlineData("finalizer")]
    [InlineData("worker")]
    public void Every_attempt_is_refused(string thread) => Results.AssertAsExpected(mount.Read(thread), static row => row.Plain);

    [Theory]
    [InlineData("descriptors", "EMFILE", 600_000)]
    [InlineData("threads", "EAGAIN", 4096)]
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
