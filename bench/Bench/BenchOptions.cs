using System.Globalization;

namespace Bench;

/// <summary>What was asked for: by arguments how much to measure, by environment what to compare with.</summary>
internal sealed record BenchOptions
{
    /// <summary>Suites to run, in their own order; empty for all of the default run.</summary>
    public IReadOnlyList<string> Suites { get; private init; } = [];

    /// <summary>How often everything is measured; the table has the medians.</summary>
    public int Runs { get; private init; } = 5;

    /// <summary>Every suite has a share of this; it measures less often when it takes longer.</summary>
    public int Minutes { get; private init; } = 15;

    /// <summary>No suite begins later than that: some take longer than their share, because each measures at least once.</summary>
    public TimeSpan LastBeginning => TimeSpan.FromMinutes(Minutes) * 1.2;

    /// <summary>Small numbers, to see that it works.</summary>
    public bool IsQuick { get; private init; }

    /// <summary>Folder for results.json, results.svg and RESULTS.md; none when empty.</summary>
    public string Output { get; private init; } = "";

    /// <summary>Folder with the executables under test.</summary>
    public string Bin { get; } = Required("FUSERVICE_BIN");

    /// <summary>The repository that this was built from.</summary>
    public string Repository { get; } = Required("FUSERVICE_REPOSITORY");

    /// <summary>An empty folder of this run.</summary>
    public string Work { get; } = Required("BENCH_WORK");

    public string? PassthroughHp { get; } = Peer("PASSTHROUGH_HP");

    public string? PassthroughLl { get; } = Peer("PASSTHROUGH_LL");

    public string? ServiceLl { get; } = Peer("SERVICE_LL");

    /// <summary>The unit of service_ll, whose ExecStart is replaced.</summary>
    public string? ServiceLlUnit { get; } = Peer("SERVICE_LL_UNIT");

    /// <summary>libfuse's mount helper for service_ll.</summary>
    public string? ServiceLlHelper { get; } = Peer("SERVICE_LL_HELPER");

    public string? Fuse2Fs { get; } = Peer("FUSE2FS");

    /// <summary>Files of the metadata suite.</summary>
    public int MetadataFiles => IsQuick ? 2_000 : 20_000;

    /// <summary>Length of one fio job.</summary>
    public int JobMilliseconds => IsQuick ? 100 : 300;

    public static BenchOptions Parse(string[] args)
    {
        BenchOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { IsQuick = true, Runs = options.Runs == 5 ? 1 : options.Runs },
                "--runs" => options with { Runs = Number(args, ++i) },
                "--minutes" => options with { Minutes = Number(args, ++i) },
                "--suites" => options with { Suites = Value(args, ++i).Split(',') },
                "--output" => options with { Output = Value(args, ++i) },
                _ => throw new BenchException($"unknown argument '{args[i]}' (try --help)"),
            };
        }

        return options;
    }

    private static string Value(string[] args, int index) =>
        index < args.Length ? args[index] : throw new BenchException($"{args[index - 1]} needs a value");

    private static int Number(string[] args, int index) =>
        int.TryParse(Value(args, index), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new BenchException($"'{args[index]}' is not a number above 0");

    private static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new BenchException($"{name} is not set: start it with bench/run.sh");

    private static string? Peer(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        return File.Exists(value) ? Path.GetFullPath(value) : throw new BenchException($"{name}={value}: there is no such file");
    }
}
