using System.Globalization;
using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>The unit files as they are in the tree: what systemd's own analysis thinks of them, and that nothing in them is unexplained.</summary>
[Trait("Needs", "root")]
public sealed class UnitFileTests
{
    private static readonly string[] s_folders = [Checkout.Root + "/deploy/systemd", Checkout.Root + "/tests/EscapeProbe/systemd"];

    public static TheoryData<string> Units => [.. s_folders.SelectMany(Directory.GetFiles).Where(IsUnit).Select(Path.GetFileName).Select(name => name!)];

    [Theory]
    [InlineData("fuservice-probe@.service", 0.1)]
    [InlineData("fuservice-ext4@.service", 0.1)]
    [InlineData("fuservice-passthrough@.service", 0.7)]
    [InlineData("fuservice-keeper@.service", 0.7)]
    [InlineData("fuservicemountd@.service", 3.9)]
    public void Exposure_is_no_higher_than_told(string unit, double most)
    {
        string line = Shell.Must("systemd-analyze", "security", "--offline=true", "--no-pager", Find(unit))
            .Split('\n').Single(line => line.Contains("Overall exposure level", StringComparison.Ordinal));
        string figure = line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].Split(' ')[0];
        Assert.InRange(double.Parse(figure, CultureInfo.InvariantCulture), 0, most);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_directive_has_its_reason_in_front_of_it(string unit)
    {
        bool explained = false;
        foreach (string line in File.ReadLines(Find(unit)))
        {
            // What names the unit and its parts explains itself; a group shares the reason above it.
            explained = line.StartsWith('#') || (explained && line.Length > 0 && line[0] != '[');
            Assert.True(
                explained || line.Length == 0 || line[0] == '[' || line.Split('=')[0] is "Description" or "Documentation" or "WantedBy",
                $"{unit}: {line}");
        }
    }

    [Fact]
    public void The_broker_stays_in_the_mount_namespace_of_the_host()
    {
        string[] itsOwnMounts =
        [
            "RootDirectory", "RootImage", "ProtectSystem", "ProtectHome", "ProtectProc", "ProcSubset", "ProtectKernelTunables", "ProtectKernelModules",
            "ProtectKernelLogs", "ProtectControlGroups", "PrivateTmp", "PrivateDevices", "PrivateIPC", "PrivateUsers", "DynamicUser",
            "BindPaths", "BindReadOnlyPaths", "ReadOnlyPaths", "ReadWritePaths", "InaccessiblePaths", "NoExecPaths", "TemporaryFileSystem",
            "MountFlags", "LogNamespace", "StateDirectory", "RuntimeDirectory",
        ];
        string[] lines = File.ReadAllLines(Find("fuservicemountd@.service"));
        Assert.DoesNotContain(lines, line => itsOwnMounts.Contains(line.Split('=')[0]));

        // PrivateNetwork= implies PrivateMounts= from systemd 254 on, unless it is refused explicitly.
        Assert.Contains("PrivateMounts=no", lines);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Limits_of_sockets_cannot_be_used_to_end_them(string unit)
    {
        string[] lines = File.ReadAllLines(Find(unit));
        if (!unit.EndsWith(".socket", StringComparison.Ordinal))
        {
            return;
        }

        Assert.Contains("TriggerLimitBurst=0", lines);
        bool everybodys = unit.StartsWith("fuservicemountd", StringComparison.Ordinal);
        Assert.Contains(everybodys ? "MaxConnections=64" : "MaxConnections=1024", lines);
        Assert.Contains(everybodys ? "SocketMode=0666" : "SocketMode=0600", lines);
    }

    [Fact]
    public void Manual_pages_are_without_warnings_and_have_every_option()
    {
        string bin = Environment.GetEnvironmentVariable("FUSERVICE_BIN") ?? throw new InvalidOperationException("FUSERVICE_BIN is not set.");
        foreach (string page in Directory.GetFiles(Checkout.Root + "/deploy/man"))
        {
            Outcome outcome = Shell.Run("man", "--warnings", "--encoding=UTF-8", "--local-file", "-Tutf8", "-Z", page);
            Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        }

        string text = Shell.Must("man", "--encoding=UTF-8", "--local-file", Checkout.Root + "/deploy/man/fuservice-passthrough.8");
        foreach (string line in Shell.Must(bin + "/fuservice-passthrough", "-o", "help").Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)))
        {
            Assert.Contains(line.Trim().Split('=', ' ')[0], text, StringComparison.Ordinal);
        }
    }

    private static bool IsUnit(string file) => Path.GetExtension(file) is ".service" or ".socket" or ".slice";

    private static string Find(string unit) => s_folders.Select(folder => $"{folder}/{unit}").Single(File.Exists);
}
