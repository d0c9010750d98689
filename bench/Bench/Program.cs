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
    try
    {
        foreach (Suite suite in SuiteList.Chosen(options, place))
        {
            suite.Measure(recorder);
        }
    }
    catch (BenchException exception)
    {
        Console.Error.WriteLine($"bench: {exception.Message}");
        return 1;
    }

    Results results = new(options, recorder, Machine.Describe(options));
    Console.Out.Write(TextReport.Write(results));
    results.Save();
    return recorder.Failures.Count == 0 ? 0 : 1;
}
