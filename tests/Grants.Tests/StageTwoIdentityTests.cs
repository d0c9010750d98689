namespace Grants.Tests;

/// <summary>Who a server is after stage 1, read by the server itself from /proc for every one of its threads.</summary>
[Trait("Needs", "root")]
public sealed class StageTwoIdentityTests(GrantProbeProgram probe) : IClassFixture<GrantProbeProgram>
{
    // CHOWN 0, DAC_OVERRIDE 1, FOWNER 3, FSETID 4, SETGID 6, SETUID 7, SETFCAP 31.
    private const string SevenCapabilities = "00000000800000db";
    private const string None = "0000000000000000";

    [Fact]
    public void The_server_of_root_keeps_exactly_seven_capabilities_through_exec()
    {
        ProbeResult server = probe.Run("identity", "root");
        Assert.Equal("0 0 0 0", server["Uid"]);
        Assert.Equal("0 0 0 0", server["Gid"]);
        Assert.Equal("", server["Groups"]);
        Assert.Equal(SevenCapabilities, server["CapPrm"]);
        Assert.Equal(SevenCapabilities, server["CapEff"]);
        Assert.Equal(SevenCapabilities, server["CapBnd"]);
        AssertConfined(server);
    }

    [Fact]
    public void The_server_of_a_user_is_that_user_without_any_capability()
    {
        ProbeResult server = probe.Run("identity", "user", "1000", "1001", "1001,50,70000");
        Assert.Equal("1000 1000 1000 1000", server["Uid"]);
        Assert.Equal("1001 1001 1001 1001", server["Gid"]);
        Assert.Equal("50 1001 70000", string.Join(' ', server["Groups"].Split(' ').OrderBy(int.Parse)));
        AssertPowerless(server);
        AssertConfined(server);
    }

    [Fact]
    public void A_user_above_65535_gets_one_more_extent_of_private_ids()
    {
        ProbeResult server = probe.Run("identity", "user", "70000", "70001", "80000");
        Assert.Equal("70000 70000 70000 70000", server["Uid"]);
        string[] map = server["uid_map"].Split(' ');
        Assert.Equal(["0", "65536", "70000", "2", "80000", "1"], [map[0], map[2], map[3], map[5], map[6], map[8]]);
        Assert.All(new[] { map[1], map[4], map[7] }, static host => Assert.InRange(uint.Parse(host), 0x70000000u, 0x7FFDFFFFu));
        Assert.Equal(server["uid_map"], server["gid_map"]);
        AssertPowerless(server);
    }

    [Fact]
    public void With_idmap_off_the_server_is_nobody_of_its_own_namespace()
    {
        ProbeResult server = probe.Run("identity", "nobody");
        Assert.Equal("65534 65534 65534 65534", server["Uid"]);
        Assert.StartsWith("0 2147", server["uid_map"], StringComparison.Ordinal);
        AssertPowerless(server);
        AssertConfined(server);
    }

    [Fact]
    public void Without_a_namespace_a_server_started_as_root_still_drops_everything()
    {
        ProbeResult server = probe.Run("identity", "v1");
        Assert.Equal("65534 65534 65534 65534", server["Uid"]);
        Assert.Equal("0 0 4294967295", server["uid_map"]);
        AssertPowerless(server);
        AssertConfined(server);
    }

    private static void AssertPowerless(ProbeResult server)
    {
        Assert.Equal(None, server["CapPrm"]);
        Assert.Equal(None, server["CapEff"]);
        Assert.Equal(None, server["CapBnd"]);
    }

    /// <summary>ThreadField joins differing threads with a bar, so each equality below is about all of them.</summary>
    private static void AssertConfined(ProbeResult server)
    {
        Assert.Equal(None, server["CapInh"]);
        Assert.Equal(None, server["CapAmb"]);
        Assert.Equal("1", server["NoNewPrivs"]);
        Assert.Equal("2", server["threads"]);
        Assert.StartsWith(None, server["SigBlk"], StringComparison.Ordinal);
        Assert.Equal("own", server["session"]);
        Assert.Equal("/", server["cwd"]);
        Assert.Equal("OK OK", server["reopen"]);
        Assert.Equal("512 512 files", server["files"]);
        Assert.Equal("0 0 bytes", server["core"]);
        Assert.Equal("probe-stage-2 report", server["argv"]);
        Assert.Equal("MARK=here", server["environ"]);
        Assert.Equal("exit code 0", server["ended"]);

        // /dev/urandom is the runtime's own; everything else is the plan's. The parent's descriptors had other numbers.
        string[] descriptors = [.. server["fds"].Split(' ').Where(static fd => !fd.EndsWith("=/dev/urandom", StringComparison.Ordinal))];
        Assert.Equal(["0=pipe", "1=pipe", "2=pipe", "3=pipe", "5=pipe", "7=procfd"], descriptors);
        Assert.Equal("yes", server["fd7-is-own"]);
    }
}
