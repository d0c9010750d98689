namespace Passthrough.Tests;

/// <summary>Who owns what, and who may do what, natively and on a mount whose server is root.</summary>
[Trait("Needs", "root")]
public class OwnershipTests
{
    [Theory]
    [InlineData("suid,dev")]
    [InlineData("suid,dev,cache=never")]
    [InlineData("suid,dev,writeback")]
    public void Is_the_same_as_natively_in_every_scenario(string options)
    {
        using PassthroughMount mount = new(options);
        using TempTree native = new();
        Shell.Bash($"chmod 755 {native.Path} {Path.GetDirectoryName(mount.Path)} {mount.Source}");
        List<string> differences = [];
        foreach (OwnershipScenario scenario in OwnershipScenario.All)
        {
            string expected = Play(scenario, native.Path);
            string actual = Play(scenario, mount.Path);
            if (expected != actual)
            {
                differences.Add($"--- {scenario.Name}\nnative:\n{expected}mount:\n{actual}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>What the user saw, and what is there afterwards.</summary>
    private static string Play(OwnershipScenario scenario, string parent)
    {
        string directory = Directory.CreateDirectory(Path.Combine(parent, Guid.NewGuid().ToString("N"))).FullName;
        Shell.Bash($"cd {directory}; set -e; {(scenario.Prepare.Length == 0 ? ":" : scenario.Prepare)}");
        string seen = Act(scenario, directory);
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
