using Bench.Contenders;
using Bench.Workloads;

namespace Bench.Suites;

/// <summary>How the memory of the ext4 server grows with what was looked at.</summary>
internal sealed class Ext4MillionSuite(BenchOptions options, Workplace place) : MountedSuite("ext4-million", options, place)
{
    private Ext4Image? _image;

    public override string About => "ext4 image with 1,000,000 files: server RSS after walking it";

    protected override double Share => 0.03;

    protected override IReadOnlyList<Contender> Contenders => [.. Ext4Contenders.For(Options).Where(contender => contender.Name == Ext4Contenders.Own)];

    protected override string Source => _image!.Device;

    protected override int Runs => 1;

    private int Files => Options.IsQuick ? 10_000 : 1_000_000;

    protected override void Prepare() =>
        _image = new Ext4Image(Place, "1G", ["-N", "1100000", "-b", "1024", "-J", "size=32"], folder => Ext4Image.MakeFiles(folder, Files));

    protected override void CleanUp() => _image!.Remove();

    protected override void Run(Contender contender, string path, Recorder recorder)
    {
        recorder.Add(Name, Figure.Cost("RSS idle", "MB"), contender.Name, ServerProcess.ResidentKiB(contender.ServerName!) / 1024.0);
        if (TreeWalk.CountAll(path) < Files)
        {
            throw new BenchException("the walk missed files");
        }

        recorder.Add(Name, Figure.Cost("RSS after the walk", "MB"), contender.Name, ServerProcess.ResidentKiB(contender.ServerName!) / 1024.0);
    }
}
