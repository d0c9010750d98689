using System.Diagnostics;
using Bench.Contenders;
using Bench.Workloads;

namespace Bench.Suites;

/// <summary>Reading an ext4 image: the same image on the same loop device.</summary>
internal sealed class Ext4Suite(BenchOptions options, Workplace place) : MountedSuite("ext4", options, place)
{
    private const int Walkers = 4;
    private readonly FioWorkload _sequential = new FioWorkload(options.JobMilliseconds, options.IsQuick ? 16 : 256)
        .Add("1M seqread cold", "read", "1M", direct: false, 1, once: true)
        .Add("1M seqread cold", "read", "1M", direct: true, 1, once: true)
        .Add("4k randread", "randread", "4k", direct: true, 1)
        .Add("4k randread", "randread", "4k", direct: true, 4);

    private Ext4Image? _image;

    public override string About => "ext4 image: cold 1M reads, 4k direct reads, walks of 100,000 files";

    protected override double Share => 0.15;

    protected override IReadOnlyList<Contender> Contenders => Ext4Contenders.For(Options);

    protected override string Source => _image!.Device;

    private int Files => Options.IsQuick ? 5_000 : 100_000;

    protected override void Prepare() => _image = new Ext4Image(Place, Options.IsQuick ? "256M" : "2G", [], folder =>
    {
        _sequential.MakeFiles(folder);
        Ext4Image.MakeFiles(Directory.CreateDirectory(Path.Combine(folder, "many")).FullName, Files);
    });

    protected override void CleanUp() => _image!.Remove();

    protected override void Run(Contender contender, string path, Recorder recorder)
    {
        _sequential.RunEach(path, static () => Workplace.DropCaches(data: true), (figure, value) => recorder.Add(Name, figure, contender.Name, value));
        string many = Path.Combine(path, "many");
        Workplace.DropCaches(data: true);
        Time("walk cold", () => WalkAll(many));
        Time("walk warm", () => WalkAll(many));
        Workplace.DropCaches(data: true);
        Time("walk cold, 4 threads", () => WalkInParallel(many));

        void Time(string what, Action action)
        {
            long began = Stopwatch.GetTimestamp();
            action();
            recorder.Add(Name, Figure.Rate(what, "k/s"), contender.Name, Files / Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private void WalkAll(string folder)
    {
        if (TreeWalk.CountAll(folder) < Files)
        {
            throw new BenchException("the walk missed files");
        }
    }

    private static void WalkInParallel(string folder)
    {
        string[] directories = Directory.GetDirectories(folder);
        Crew.Time(Walkers, worker =>
        {
            for (int i = worker; i < directories.Length; i += Walkers)
            {
                TreeWalk.CountAll(directories[i]);
            }
        });
    }
}
