using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>What the server of a root mount is, seen from outside.</summary>
[Trait("Needs", "root")]
public sealed class ContainmentTests(PassthroughService service) : IClassFixture<PassthroughService>
{
    private const uint PoolFirst = 0x70000000;
    private const uint PoolLast = 0x7FFDFFFF;

    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, SETGID, SETUID. SETFCAP comes only with suid.
    private const string SixCapabilities = "00000000000000db";

    [Fact]
    public void No_thread_of_the_server_has_a_capability_beyond_the_six_of_its_own_namespace()
    {
        string source = service.NewSource("caps");
        ServerProcess server = service.MustMount(source, service.MountPoint);
        try
        {
            Assert.NotEqual(new FileInfo("/proc/self/ns/user").LinkTarget, server.UserNamespace);
            foreach (string set in new[] { "CapEff", "CapPrm", "CapBnd" })
            {
                Assert.All(server.FieldOfEveryThread(set), value => Assert.Equal(SixCapabilities, value));
            }

            Assert.All(server.FieldOfEveryThread("CapInh"), value => Assert.Equal(new string('0', 16), value));
            Assert.All(server.FieldOfEveryThread("CapAmb"), value => Assert.Equal(new string('0', 16), value));
            Assert.All(server.FieldOfEveryThread("NoNewPrivs"), value => Assert.Equal("1", value));
            Assert.InRange(server.Uid, PoolFirst, PoolLast);
            Assert.Equal("", server.Field("Groups"));
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void From_outside_the_server_of_a_live_mount_is_plain_and_not_full()
    {
        service.MustMount(service.NewSource("seen"), service.MountPoint);
        try
        {
            Outcome seen = Shell.Run(service.Bin + "/fuservicemount", "--attest", service.MountPoint);
            Assert.Equal(0, seen.ExitCode);
            Assert.Matches("(?m)^level plain, plain is required$", seen.Output);
            foreach (string property in (string[])["ids", "bounding-capabilities", "seccomp", "user-namespace", "descriptors", "write-xor-execute"])
            {
                Assert.Matches($"(?m)^  {property} +yes ", seen.Output);
            }

            foreach (string property in (string[])["mount-namespace", "network-namespace", "empty-root"])
            {
                Assert.Matches($"(?m)^  {property} +NO ", seen.Output);
            }
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void What_is_no_mount_of_a_server_is_not_attested()
    {
        Outcome seen = Shell.Run(service.Bin + "/fuservicemount", "--attest", service.Root);
        Assert.Equal(32, seen.ExitCode);
        Assert.Contains("is not the root of a mount of a FUSE server", seen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_mounts_never_share_an_id()
    {
        string first = service.NewMountPoint("mnt-first");
        string second = service.NewMountPoint("mnt-second");
        ServerProcess one = service.MustMount(service.NewSource("one"), first);
        ServerProcess two = service.MustMount(service.NewSource("two"), second);
        try
        {
            Assert.NotEqual(one.UserNamespace, two.UserNamespace);
            Assert.All(one.UidMap, a => Assert.All(two.UidMap, b => Assert.False(Overlap(a, b), $"{a} and {b} overlap")));
        }
        finally
        {
            PassthroughService.MustUnmount(first);
            PassthroughService.MustUnmount(second);
        }
    }

    [Fact]
    public void The_process_title_names_the_mount()
    {
        string source = service.NewSource("title");
        ServerProcess server = service.MustMount(source, service.MountPoint);
        try
        {
            Assert.Equal($"fuservice-passthrough: {source} on {service.MountPoint}", server.Title);
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public void The_server_holds_only_its_grants_and_devices()
    {
        string source = service.NewSource("fds");
        ServerProcess server = service.MustMount(source, service.MountPoint);
        try
        {
            string[] foreign = [.. Directory.EnumerateFileSystemEntries($"/proc/{server.Pid}/fd")
                .Select(fd => new FileInfo(fd).LinkTarget ?? "")
                .Where(target => !IsExpected(target))];
            Assert.Empty(foreign);
        }
        finally
        {
            PassthroughService.MustUnmount(service.MountPoint);
        }
    }

    [Fact]
    public async Task A_killed_server_ends_in_errors_and_a_working_umount()
    {
        string source = service.NewSource("killed");
        File.WriteAllText(source + "/file", new string('x', 1 << 20));
        ServerProcess server = service.MustMount(source, service.MountPoint);
        Task<Outcome> load = Task.Run(() => Shell.Run(
            "/bin/bash", "-c", $"while cat {service.MountPoint}/file >/dev/null && ls -l {service.MountPoint} >/dev/null; do :; done; exit 7"));
        Shell.Must("kill", "-KILL", $"{server.Pid}");
        Outcome outcome = await load.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(7, outcome.ExitCode);
        Shell.Must("umount", service.MountPoint);
        Assert.Null(MountInfo.At(service.MountPoint));
    }

    private static bool Overlap((uint Inside, uint Outside, uint Count) a, (uint Inside, uint Outside, uint Count) b) =>
        a.Outside < b.Outside + b.Count && b.Outside < a.Outside + a.Count;

    private static bool IsExpected(string target) =>
        // The runtime seeds its hash codes from /dev/urandom.
        target is "/dev/fuse" or "/dev/null" or "/dev/urandom" or "/"
        || target.StartsWith("/proc/", StringComparison.Ordinal)
        || target.StartsWith("pipe:", StringComparison.Ordinal)
        || target.StartsWith("anon_inode:", StringComparison.Ordinal);
}
