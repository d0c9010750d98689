namespace Passthrough.Tests;

/// <summary>Who owns what, and who may do what: natively, on a mount whose server is root, and on one whose server is contained.</summary>
[Trait("Needs", "root")]
public class OwnershipTests
{
    /// <summary>trusted.* names do not exist on a mount, also where its server could read them: one answer in every mode.</summary>
    private static readonly string[] s_differsEverywhere = ["trusted attributes are root's"];

    /// <summary>
    /// What a server without rights outside its namespace cannot do as root does, scenario by scenario: nobody there has CAP_FSETID in the first
    /// namespace, and device nodes belong to the machine's root.
    /// </summary>
    private static readonly string[] s_containedDiffers =
    [
        "creation by root",
        "a device node works",
        "root's writing keeps set-id bits",
        .. s_differsEverywhere,
    ];

    [Theory]
    [InlineData("suid,dev")]
    [InlineData("suid,dev,cache=never")]
    [InlineData("suid,dev,writeback")]
    public void Is_the_same_as_natively_in_every_scenario_but_for_trusted_attributes(string options)
    {
        using PassthroughMount mount = new(options);
        AssertDiffersIn(s_differsEverywhere, Compare(mount.Path, mount.Source));
    }

    [Fact]
    public void Is_the_same_in_containment_but_for_what_is_listed()
    {
        using ContainedMount mount = new("suid,dev");
        AssertDiffersIn(s_containedDiffers, Compare(mount.Path, mount.Source));
    }

    [Fact]
    public void Of_set_group_ID_directories_is_the_same_without_suid()
    {
        using ContainedMount mount = new("dev");
        AssertDiffersIn([], Compare(mount.Path, mount.Source, static scenario => scenario.IsAboutMarkedDirectories));
    }

    private static void AssertDiffersIn(string[] scenarios, List<(string Name, string Text)> differences)
    {
        string unexpected = string.Join(
            '\n', differences.Where(difference => !scenarios.Contains(difference.Name)).Select(static difference => difference.Text));
        Assert.True(unexpected.Length == 0, unexpected);
        Assert.Equal(scenarios.Order(), differences.Select(static difference => difference.Name).Order());
    }

    private static List<(string Name, string Text)> Compare(string mount, string source, Func<OwnershipScenario, bool>? chosen = null)
    {
        using TempTree native = new();
        Shell.Bash($"chmod 755 {native.Path} {Path.GetDirectoryName(mount)} {source}");
        List<(string Name, string Text)> differences = [];
        foreach (OwnershipScenario scenario in OwnershipScenario.All.Where(chosen ?? (static _ => true)))
        {
            string expected = Play(scenario, native.Path);
            string actual = Play(scenario, mount);
            if (expected != actual)
            {
                differences.Add((scenario.Name, $"--- {scenario.Name}\nnative:\n{expected}mount:\n{actual}"));
            }
        }

        return differences;
    }

    /// <summary>What the user saw, and what is there afterwards.</summary>
    private static string Play(OwnershipScenario scenario, string parent)
    {
        string directory = Directory.CreateDirectory(Path.Combine(parent, Guid.NewGuid().ToString("N"))).FullName;
        string prepare = scenario.Prepare.Length == 0 ? ":" : scenario.Prepare;
        string seen = Format(Shell.Run("bash", "-c", $"cd {directory}; set -e; export LC_ALL=C; {prepare}"), directory);
        seen += Act(scenario, directory);
        string state = Shell.Bash($"cd {directory}; find . -printf '%P %M %U %G %n %s\\n' | grep -v ' d' | sort; "
            + "find . -type d -printf '%P %M %U %G\\n' | sort; getfacl -nR . 2>/dev/null");
        Directory.Delete(directory, recursive: true);
        return seen + state;
    }

    private static string Act(OwnershipScenario scenario, string directory)
    {
        string script = $"cd {directory}; export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin; {scenario.Act}";
        if (scenario.User.Length == 0)
        {
            return Format(Shell.Run("bash", "-c", script), directory);
        }

        string[] ids = scenario.User.Split(':');
        string groups = ids[2].Length == 0 ? "--clear-groups" : $"--groups={ids[2]}";
        return Format(Shell.Run("setpriv", $"--reuid={ids[0]}", $"--regid={ids[1]}", groups, "--", "bash", "-c", script), directory);
    }

    private static string Format((int Code, string Output) result, string directory) =>
        $"exit {result.Code}\n{result.Output.Replace(directory, "DIRECTORY", StringComparison.Ordinal)}";
}
