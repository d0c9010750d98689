using System.Diagnostics;
using Bench.Contenders;

namespace Bench.Suites;

/// <summary>From the exec of the mount command to the first successful stat.</summary>
internal sealed class MountSuite(BenchOptions options, Workplace place, PassthroughContenders passthrough) : MountedSuite("mount", options, place)
{
    private const int MountsPerRun = 3;

    public override string About => "mount latency with plain socket activation, exec of mount to first stat";

    protected override double Share => 0.02;

    protected override IReadOnlyList<Contender> Contenders => passthrough.Pick(
        PassthroughContenders.Dev,
        PassthroughContenders.DevPassthrough,
        PassthroughContenders.Uring,
        PassthroughContenders.HpPassthrough,
        PassthroughContenders.Ll);

    protected override void Run(Contender contender, string path, Recorder recorder)
    {
        // The one that the suite has made has warmed everything up.
        contender.Unmount(Place.MountPoint);
        for (int i = 0; i < MountsPerRun; i++)
        {
            if (i > 0)
            {
                contender.Unmount(Place.MountPoint);
            }

            long began = Stopwatch.GetTimestamp();
            contender.Mount(Source, Place.MountPoint);
            _ = File.GetAttributes(Place.MountPoint);
            recorder.Add(Name, Figure.Cost("mount", "ms"), contender.Name, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
