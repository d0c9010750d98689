using System.Diagnostics;
using Bench.Contenders;
using Bench.Workloads;

namespace Bench.Suites;

/// <summary>Mounting a large, nearly empty ext4 image.</summary>
internal sealed class Ext4MountSuite(BenchOptions options, Workplace place) : MountedSuite("ext4-mount", options, place)
{
    private Ext4Image? _image;

    public override string About => "ext4 image of 1 TB, sparse, with 10,000 files: mount latency";

    protected override double Share => 0.03;

    protected override IReadOnlyList<Contender> Contenders => Ext4Contenders.For(Options);

    protected override string Source => _image!.Device;

    protected override void Prepare() =>
        _image = new Ext4Image(Place, "1T", ["-J", "size=64", "-E", "lazy_itable_init=1,lazy_journal_init=1"], folder => Ext4Image.MakeFiles(folder, 10_000));

    protected override void CleanUp() => _image!.Remove();

    protected override void Run(Contender contender, string path, Recorder recorder)
    {
        contender.Unmount(Place.MountPoint);
        Workplace.DropCaches(data: true);
        long began = Stopwatch.GetTimestamp();
        contender.Mount(Source, Place.MountPoint);
        _ = File.GetAttributes(Path.Combine(Place.MountPoint, "d0"));
        recorder.Add(Name, Figure.Cost("mount 1 TB", "ms"), contender.Name, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
