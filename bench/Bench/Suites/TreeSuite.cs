using System.Diagnostics;
using Bench.Contenders;
using Bench.Workloads;

namespace Bench.Suites;

/// <summary>What a developer does in a checkout.</summary>
internal sealed class TreeSuite(BenchOptions options, Workplace place, PassthroughContenders passthrough) : MountedSuite("tree", options, place)
{
    private readonly SourceTree _tree = new(Path.Combine(place.Root, "tree"), options.IsQuick ? 10 : 100);

    public override string About => "a walk as git status makes it, cold and warm; tar x and a compilation of a small tree";

    protected override double Share => 0.10;

    protected override IReadOnlyList<Contender> Contenders => passthrough.Pick(
        PassthroughContenders.Native,
        PassthroughContenders.Dev,
        PassthroughContenders.DevPassthrough,
        PassthroughContenders.Uring,
        PassthroughContenders.Hp,
        PassthroughContenders.HpPassthrough,
        PassthroughContenders.Ll);

    protected override void Prepare() => _tree.Make();

    protected override void CleanUp() => _tree.Delete();

    protected override void Run(Contender contender, string path, Recorder recorder)
    {
        Place.Fresh("checkout");
        string checkout = Path.Combine(path, "checkout");
        Time("untar", () => Shell.Run("tar", "-x", "-C", checkout, "-f", _tree.Archive));
        Workplace.DropCaches();
        Time("walk cold", () => TreeWalk.CountAll(checkout));
        Time("walk warm", () => TreeWalk.CountAll(checkout));
        Time("compile", () => Shell.Run("sh", "-c", $"cd '{checkout}/{SourceTree.Unit}' && cc -o unit *.c && ./unit"));

        void Time(string what, Action action)
        {
            long began = Stopwatch.GetTimestamp();
            action();
            recorder.Add(Name, Figure.Cost(what, "ms"), contender.Name, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
