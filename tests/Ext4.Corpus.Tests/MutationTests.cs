using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Ext4.Corpus.Tests;

/// <summary>
/// Lies that look like truth: fields of sound images are changed by what they mean and the checksums repaired, and whatever the library
/// then does, it does in bounded time and memory, and only an Ext4Error comes out of it.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Threads = 2;
    private const int DefaultMutants = 20_000;
    private const int LongMutants = 1_000_000;
    private const double LeastMounted = 0.8;

    [Fact]
    public void Mutants_are_walked_or_refused_within_their_limits() => Run(DefaultMutants, seed: 6);

    [Fact]
    [Trait("Mode", "long")]
    public void A_million_mutants_are_walked_or_refused_within_their_limits() => Run(LongCount(), Environment.TickCount);

    [Fact]
    public void The_base_images_are_sound()
    {
        foreach (BaseImage image in BaseImage.All)
        {
            ExerciseResult result = VolumeExercise.Run(new MemoryDevice(image.Make()));
            Assert.True(result.IsMounted && result.Faults == 0, $"{image.Name}: {result}");
            output.WriteLine($"{image.Name}: {result}");
        }
    }

    // MUTANTS= splits a long run into several, each with a seed of its own.
    private static int LongCount() =>
        int.TryParse(Environment.GetEnvironmentVariable("MUTANTS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : LongMutants;

    private void Run(int count, int seed)
    {
        byte[][] bases = [.. BaseImage.All.Select(image => image.Make())];
        int mounted = 0, tried = 0;
        var refusals = new ConcurrentDictionary<string, int>();
        var watchdog = new Watchdog();
        var time = Stopwatch.StartNew();
        watchdog.Run(Threads, thread =>
        {
            Mutator[] mutators = [.. bases.Select((image, i) => new Mutator((byte[])image.Clone(), unchecked(seed + (thread * 1000) + i)))];
            for (int i = thread; i < count; i += Threads)
            {
                ExerciseResult result = RunOne(mutators, i, watchdog);
                Interlocked.Increment(ref tried);
                if (result.IsMounted) Interlocked.Increment(ref mounted);
                else refusals.AddOrUpdate(result.Refusal.Reason.ToString(), 1, (_, n) => n + 1);
            }
        });

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {tried} mutants, {mounted} mounted ({100.0 * mounted / tried:f1} %), {time.Elapsed.TotalSeconds:f0} s"));
        foreach ((string reason, int n) in refusals.OrderByDescending(pair => pair.Value)) output.WriteLine($"  refused {n}: {reason}");
        Assert.Equal(count, tried);
        Assert.True(mounted >= LeastMounted * tried, $"only {mounted} of {tried} mutants mounted");
    }

    private static ExerciseResult RunOne(Mutator[] mutators, int number, Watchdog watchdog)
    {
        int index = number / Threads % mutators.Length;
        Mutator mutator = mutators[index];
        Change[] changes = mutator.Mutate();
        string name = $"{BaseImage.All[index].Name} #{number}: {string.Join("; ", changes)}";
        watchdog.Begin(name);
        try
        {
            return VolumeExercise.Run(new MemoryDevice(mutator.Image));
        }
        catch (Exception bug)
        {
            throw new InvalidOperationException(name, bug);
        }
        finally
        {
            watchdog.End();
            mutator.Restore();
        }
    }
}
