using System.Globalization;

namespace Bench.Suites;

/// <summary>Mount latency under a real systemd with the full units, against libfuse's example service in its unit. The script in bench/systemd does it.</summary>
internal sealed class SystemdSuite(BenchOptions options, Workplace place) : Suite("systemd")
{
    public const string Own = "ours";
    public const string WithoutKeeper = "no-keeper";
    public const string ServiceLl = "service_ll";

    public override string About => "mount latency under systemd with the full units";

    public override void Measure(Recorder recorder)
    {
        if (!File.Exists("/lib/systemd/systemd"))
        {
            recorder.LeftOut.Add("systemd: there is no systemd here");
            return;
        }

        string folder = Path.Combine(place.Root, "systemd");
        string source = Path.Combine(options.Repository, "bench", "systemd");
        Shell.Run("cp", "-r", source, folder);
        WritePeer(folder, recorder);
        File.WriteAllText(Path.Combine(folder, "runs"), (options.Runs * 3).ToString(CultureInfo.InvariantCulture));
        Console.Error.WriteLine("bench: systemd");
        try
        {
            // What systemd says on its console comes after what the script says.
            string namespaces = Path.Combine(options.Repository, "eng", "systemd-namespace.sh");
            string script = Path.Combine(folder, "mount-latency.sh");
            Read(Shell.Run("bash", "-c", $"set -o pipefail; '{namespaces}' '{script}' 2>&1 | sed '/^-- console --$/,$d'"), recorder);
        }
        catch (BenchException exception)
        {
            recorder.Failures.Add($"systemd: {exception.Message}");
            Console.Error.WriteLine($"bench: {exception.Message}");
        }
    }

    // Lines "latency NAME MILLISECONDS".
    private void Read(string output, Recorder recorder)
    {
        foreach (string[] words in output.Split('\n').Select(line => line.Split(' ')).Where(words => words is ["latency", _, _]))
        {
            recorder.Add(Name, Figure.Cost("mount", "ms"), words[1], double.Parse(words[2], CultureInfo.InvariantCulture));
        }

        recorder.Settings.Add((Name, Own, "mount -t fuse.passthrough, the units of deploy/systemd"));
        recorder.Settings.Add((Name, WithoutKeeper, "the same with -o passthrough=never"));
        if (options.ServiceLl is not null)
        {
            recorder.Settings.Add((Name, ServiceLl, "mount -t fuse.service_ll, libfuse's service_ll@.service"));
        }
    }

    private void WritePeer(string folder, Recorder recorder)
    {
        if (options is { ServiceLl: { } program, ServiceLlUnit: { } unit, ServiceLlHelper: { } helper })
        {
            string text = string.Join('\n', File.ReadLines(unit).Select(
                line => line.StartsWith("ExecStart=", StringComparison.Ordinal) ? "ExecStart=/ci/peer/service_ll" : line));
            File.WriteAllText(Path.Combine(folder, "service_ll@.service"), text + "\n");
            File.WriteAllText(Path.Combine(folder, "peer"), $"{program}\n{helper}\n");
        }
        else
        {
            recorder.LeftOut.Add("systemd: service_ll: SERVICE_LL, SERVICE_LL_UNIT and SERVICE_LL_HELPER are not set");
        }
    }
}
