using System.Diagnostics;
using Bench;
using Bench.Report;
using Bench.Suites;

return Run(args);

static int Run(string[] args)
{
    BenchOptions options;
    try
    {
        options = BenchOptions.Parse(args);
    }
    catch (BenchException exception)
    {
        Console.Error.WriteLine($"bench: {exception.Message}");
        return 2;
    }

    using Workplace place = new(options);
    Recorder recorder = new();
    Results results = new(options, recorder, Machine.Describe(options));
    try
    {
        long began = Stopwatch.GetTimestamp();
        foreach (Suite suite in SuiteList.Chosen(options, place))
        {
            Measure(suite, Stopwatch.GetElapsedTime(began), results);
        }
    }
    catch (BenchException exception)
    {
        Console.Error.WriteLine($"bench: {exception.Message}");
        return 1;
    }

    Console.Out.Write(TextReport.Write(results));
    return recorder.Failures.Count == 0 ? 0 : 1;
}

// A suite that fails is a line in the report, and what was measured is saved before the next one begins.
static void Measure(Suite suite, TimeSpan passed, Results results)
{
    Recorder recorder = results.Recorder;
    if (passed > results.Options.LastBeginning)
    {
        recorder.LeftOut.Add($"{suite.Name}: no time was left for it");
        return;
    }

    try
    {
        suite.Measure(recorder);
    }
    catch (Exception exception) when (exception is BenchException or IOException or UnauthorizedAccessException)
    {
        recorder.Failures.Add($"{suite.Name}: {exception.Message}");
        Console.Error.WriteLine($"bench: {suite.Name} failed: {exception.Message}");
    }

    results.Save();
}
