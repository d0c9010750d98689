using PosixSuite;

namespace Passthrough.Tests;

[Trait("Needs", "root")]
public class PosixSuiteMountedTests
{
    [Theory]
    [InlineData("suid,dev")]
    [InlineData("cache=never")]
    [InlineData("cache=always,negative_timeout=5")]
    [InlineData("writeback")]
    [InlineData("locks=shared")]
    [InlineData("workers=1")]
    public void Every_case_holds_on_the_mount(string options)
    {
        using PassthroughMount mount = new(options);
        List<string> failures = [];
        foreach (PosixCase posixCase in PosixCase.All)
        {
            try
            {
                posixCase.Run(mount.Path);
            }
            catch (PosixException failure)
            {
                failures.Add(failure.Message);
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Empty(Directory.GetFileSystemEntries(mount.Source));
    }
}
