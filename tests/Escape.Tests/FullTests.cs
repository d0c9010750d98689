namespace Escape.Tests;

/// <summary>The server under its real unit, in a systemd that was booted for this.</summary>
[Trait("Needs", "root")]
public sealed class FullTests
{
    [Fact]
    public void Every_attempt_is_refused_and_what_it_takes_is_bounded()
    {
        Dictionary<string, string> sections = RunUnderSystemd();
        Assert.Contains("attests containment full", sections["mount"], StringComparison.Ordinal);
        foreach (string thread in (string[])["main", "pool", "finalizer", "worker"])
        {
            Results.AssertAsExpected(sections[thread], static (row, result) => result == row.Full);
        }

        // LimitNOFILE= of the unit.
        Results.AssertBounded(sections["descriptors"], "EMFILE", 1024);
        Results.AssertBounded(sections["threads"], "EAGAIN", 4096);
        Results.AssertBounded(sections["memory"], "ENOMEM", 128);
        Assert.Equal("hello\n", sections["hello"]);
    }

    /// <summary>The output of the script, by the names behind its "== " lines.</summary>
    private static Dictionary<string, string> RunUnderSystemd()
    {
        string root = AotProgram.Root;
        string bin = Directory.CreateTempSubdirectory("fuservice-escape-").FullName;
        try
        {
            File.Copy(Probe.Bin + "/fuservicemount", bin + "/fuservicemount");
            File.Copy(Probe.Program.Path, bin + "/fuservice-probe");
            (int code, string output, string error) = Command.Run(
                "env", "FUSERVICE_BIN=" + bin, root + "/eng/systemd-namespace.sh", root + "/tests/Escape.Tests/Systemd/battery.sh");
            Assert.True(code == 0, output + error);
            return output.Split("== ", StringSplitOptions.RemoveEmptyEntries)
                .Select(static section => section.Split('\n', 2))
                .ToDictionary(static parts => parts[0], static parts => parts[1]);
        }
        finally
        {
            Directory.Delete(bin, recursive: true);
        }
    }
}
