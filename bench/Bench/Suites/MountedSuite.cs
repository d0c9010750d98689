using System.Diagnostics;
using Bench.Contenders;

namespace Bench.Suites;

/// <summary>A suite that looks at one mount after the other, all of the same source.</summary>
internal abstract class MountedSuite(string name, BenchOptions options, Workplace place) : Suite(name)
{
    protected BenchOptions Options => options;

    protected Workplace Place => place;

    /// <summary>Those that are compared.</summary>
    protected abstract IReadOnlyList<Contender> Contenders { get; }

    /// <summary>What every contender serves.</summary>
    protected virtual string Source => place.Source;

    /// <summary>Its part of the time of a run of all suites.</summary>
    protected abstract double Share { get; }

    /// <summary>How often everything is measured, when there is time.</summary>
    protected virtual int Runs => options.Runs;

    /// <summary>Measures everything, one run of each contender after the other: whatever disturbs the machine disturbs all of them.</summary>
    public override void Measure(Recorder recorder)
    {
        Console.Error.WriteLine($"bench: {Name}: {About}");
        Prepare();
        List<Contender> contenders = [.. Contenders];
        recorder.Settings.AddRange(contenders.Select(contender => (Name, contender.Name, contender.Settings)));
        long began = Stopwatch.GetTimestamp();
        TimeSpan time = TimeSpan.FromMinutes(options.Minutes) * Share;
        for (int run = 0; run < Runs && HasTime(Stopwatch.GetElapsedTime(began), run, time); run++)
        {
            // Each run begins with another one, so that nobody always comes first.
            for (int i = 0; i < contenders.Count; i++)
            {
                Contender contender = contenders[(i + run) % contenders.Count];
                Console.Error.WriteLine($"bench: {Name}, run {run + 1} of {Runs}: {contender.Name}");
                if (!TryRun(contender, recorder))
                {
                    contenders.Remove(contender);
                    i--;
                }
            }
        }

        CleanUp();
    }

    /// <summary>Makes what all contenders serve.</summary>
    protected virtual void Prepare()
    {
    }

    protected virtual void CleanUp()
    {
    }

    /// <summary>One run of one contender, mounted at <paramref name="path"/>.</summary>
    protected abstract void Run(Contender contender, string path, Recorder recorder);

    // The next run takes as long as those before did.
    private static bool HasTime(TimeSpan passed, int runs, TimeSpan time) => runs == 0 || passed + (passed / runs) <= time;

    private bool TryRun(Contender contender, Recorder recorder)
    {
        try
        {
            string path = contender.Mount(Source, place.MountPoint);
            try
            {
                Run(contender, path, recorder);
            }
            finally
            {
                contender.Unmount(place.MountPoint);
            }

            return true;
        }
        catch (Exception exception) when (exception is BenchException or IOException or UnauthorizedAccessException)
        {
            Unmounter.GiveUp(place.MountPoint);
            (contender.MayFail ? recorder.LeftOut : recorder.Failures).Add($"{Name}: {contender.Name}: {exception.Message}");
            Console.Error.WriteLine($"bench: {contender.Name} is left out from here on: {exception.Message}");
            return false;
        }
    }
}
