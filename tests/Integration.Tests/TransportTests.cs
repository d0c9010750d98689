using System.Diagnostics;
using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>A contained server whose requests come over io_uring: what it says, what it can do, and how it ends.</summary>
[Trait("Needs", "root")]
public sealed class TransportTests(PassthroughService service) : IClassFixture<PassthroughService>
{
    private const string OverRings = "transport=uring";

    [Fact]
    public void A_contained_server_serves_over_rings_and_says_so()
    {
        using RingSwitch on = RingSwitch.TurnOn();
        string source = service.NewSource("rings");
        Outcome mount = Shell.Run(
            service.Bin + "/fuservicemount", "-v", "-t", "passthrough", "-o", OverRings, source, service.MountPoint);
        Assert.True(mount.ExitCode == 0, mount.Error + service.Log);
        try
        {
            Assert.Contains("over io_uring", mount.Error + mount.Output, StringComparison.Ordinal);
            byte[] data = new byte[5 << 20];
            Random.Shared.NextBytes(data);
            File.WriteAllBytes(service.MountPoint + "/data", data);
            Assert.Equal(data, File.ReadAllBytes(source + "/data"));
            Shell.Script($"echo 3 > /proc/sys/vm/drop_caches; cmp {service.MountPoint}/data {source}/data; mkdir {service.MountPoint}/many; cd {service.MountPoint}/many; touch $(seq 500); ls -l | wc -l; rm -r ../many");
            ServerProcess server = ServerProcess.Of(service.MountPoint)!;
            Assert.All(server.FieldOfEveryThread("Seccomp"), value => Assert.Equal("2", value));
            Outcome seen = Shell.Run(service.Bin + "/fuservicemount", "--attest", service.MountPoint);
            Assert.True(seen.ExitCode == 0, seen.Output);
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void Without_the_kernels_consent_the_mount_is_refused_and_says_what_to_do()
    {
        using RingSwitch off = RingSwitch.TurnOff();
        string source = service.NewSource("refused");
        Outcome refused = PassthroughService.Mount(source, service.MountPoint, OverRings);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("enable_uring", refused.Error, StringComparison.Ordinal);
        Assert.Null(MountInfo.At(service.MountPoint));

        Outcome mount = Shell.Run(service.Bin + "/fuservicemount", "-v", "-t", "passthrough", "-o", "transport=auto", source, service.MountPoint);
        Assert.True(mount.ExitCode == 0, mount.Error);
        Assert.Contains("by /dev/fuse", mount.Error + mount.Output, StringComparison.Ordinal);
        PassthroughService.MustUnmount(service.MountPoint);
    }

    [Fact]
    public void Locks_that_wait_in_the_server_do_not_go_with_it()
    {
        using RingSwitch on = RingSwitch.TurnOn();
        Outcome refused = PassthroughService.Mount(service.NewSource("locks"), service.MountPoint, OverRings + ",locks=shared");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("locks=shared", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_death_and_its_unmount_under_load_leave_nobody_waiting(bool death)
    {
        using RingSwitch on = RingSwitch.TurnOn();
        string source = service.NewSource("load" + death);
        ServerProcess server = service.MustMount(source, service.MountPoint, OverRings);
        string loop = $"exec > /dev/null 2>&1; cd {service.MountPoint}; i=0; while echo $i > file$((i % 7)) && cat file$((i % 7)); do i=$((i + 1)); done";
        using Process load = Process.Start("/bin/sh", ["-c", loop]);
        Wait.For("the load to begin", () => File.Exists(source + "/file6"));
        if (death)
        {
            Shell.Must("kill", "-9", server.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            Shell.Must("umount", "-f", "-l", service.MountPoint);
        }

        Assert.True(load.WaitForExit(Wait.Patience), "a caller hangs");
        Shell.Run("umount", "-l", service.MountPoint);
        Assert.Null(MountInfo.At(service.MountPoint));
        Wait.For("the server to end", () => !server.Alive);
    }
}
