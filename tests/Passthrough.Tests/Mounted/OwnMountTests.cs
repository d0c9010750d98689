namespace Passthrough.Tests;

[Trait("Needs", "root")]
public class OwnMountTests
{
    [Fact]
    public void A_server_does_not_walk_into_the_mount_it_serves()
    {
        using PassthroughMount mount = new(mountBelowSource: true);
        File.WriteAllText(mount.Source + "/file", "content");
        string seen = Shell.Bash($"cd {mount.Path} && timeout -s KILL 20 find . | sort");
        Assert.Equal([".", "./file", "./mount"], seen.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
