namespace Escape.Tests;

/// <summary>Servers under their real units, in a systemd that was booted for this.</summary>
[Trait("Needs", "root")]
public sealed class FullTests
{
    private static readonly string[] s_threads = ["main", "pool", "finalizer", "worker"];

    [Fact]
    public void A_server_without_a_directory_can_do_nothing_and_take_little()
    {
        Dictionary<string, string> sections = RunUnderSystemd("without-directory.sh");
        Assert.All(s_threads, thread => Results.AssertAsExpected(sections[thread], static row => row.Full));

        // LimitNOFILE= of the unit.
        AssertBounds(sections, descriptors: 1024, threads: 4096);
    }

    /// <summary>The probe in the place of the passthrough server: nothing else of its unit is changed.</summary>
    [Fact]
    public void A_server_of_a_directory_stays_in_it()
    {
        Dictionary<string, string> sections = RunUnderSystemd("with-directory.sh");
        Assert.All(s_threads, thread => Results.AssertAsExpected(sections[thread], static row => row.TreeFull));
        AssertBounds(sections, descriptors: 600_000, threads: 256);
    }

    /// <summary>The server of a user's mount is that user, where root's is root inside its namespace.</summary>
    [Fact]
    public void A_server_of_a_users_directory_can_do_even_less()
    {
        Dictionary<string, string> less = new()
        {
            ["join root's groups"] = "EPERM",
            ["be root for files"] = "EINVAL",
            ["be root's group for files"] = "EINVAL",
            ["write into the read-only clone"] = "EACCES",
        };
        Dictionary<string, string> sections = RunUnderSystemd("users-directory.sh");
        Assert.All(s_threads, thread => Results.AssertAsExpected(sections[thread], row => less.GetValueOrDefault(row.Name, row.TreeFull)));
        AssertBounds(sections, descriptors: 600_000, threads: 256);
    }

    private static void AssertBounds(Dictionary<string, string> sections, int descriptors, int threads)
    {
        Assert.Contains("attests containment full", sections["mount"], StringComparison.Ordinal);
        Results.AssertBounded(sections["descriptors"], "EMFILE", descriptors);
        Results.AssertBounded(sections["threads"], "EAGAIN", threads);
        Results.AssertBounded(sections["memory"], "ENOMEM", 128);
        Assert.Equal("hello\n", sections["hello"]);
    }

    /// <summary>The output of the script, by the names behind its "== " lines. A package to be tested would take the place of the executables.</summary>
    private static Dictionary<string, string> RunUnderSystemd(string script)
    {
        string bin = Directory.CreateTempSubdirectory("fuservice-escape-").FullName;
        try
        {
            File.Copy(Probe.Bin + "/fuservicemount", bin + "/fuservicemount");
            File.Copy(Probe.Bin + "/fuservicemountd", bin + "/fuservicemountd");
            File.Copy(Probe.Program.Path, bin + "/fuservice-probe");
            File.Copy(Probe.Program.Path, bin + "/fuservice-passthrough");
            (int code, string output, string error) = Command.Run(
                "env", "-u", "FUSERVICE_DEB", "FUSERVICE_BIN=" + bin, AotProgram.Root + "/eng/systemd-namespace.sh",
                $"{AotProgram.Root}/tests/Escape.Tests/Systemd/{script}");
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
