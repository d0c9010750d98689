using Bench.Contenders;
using Bench.Workloads;

namespace Bench.Suites;

/// <summary>Resident memory of the server's processes.</summary>
internal sealed class MemorySuite(BenchOptions options, Workplace place, PassthroughContenders passthrough) : MountedSuite("memory", options, place)
{
    private const int FilesPerDirectory = 1000;
    private static readonly TimeSpan s_still = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public override string About => "server RSS idle, after 100,000 inodes, after they were forgotten";

    protected override double Share => 0.07;

    protected override IReadOnlyList<Contender> Contenders => passthrough.Pick(
        PassthroughContenders.Dev,
        PassthroughContenders.DevPassthrough,
        PassthroughContenders.Uring,
        PassthroughContenders.HpPassthrough,
        PassthroughContenders.HpUring,
        PassthroughContenders.Ll);

    // Memory varies little, and each run walks 100,000 files.
    protected override int Runs => Math.Min(Options.Runs, 2);

    protected override void Prepare()
    {
        string folder = Place.Fresh("many");
        for (int i = 0; i < (Options.IsQuick ? 5 : 100); i++)
        {
            string directory = Directory.CreateDirectory(Path.Combine(folder, $"d{i}")).FullName;
            for (int file = 0; file < FilesPerDirectory; file++)
            {
                File.Create(Path.Combine(directory, $"f{file}")).Dispose();
            }
        }
    }

    protected override void CleanUp() => Directory.Delete(Path.Combine(Place.Source, "many"), recursive: true);

    protected override void Run(Contender contender, string path, Recorder recorder)
    {
        Add("RSS idle");
        TreeWalk.CountAll(Path.Combine(path, "many"));
        Add(Options.IsQuick ? "RSS after 5,000 inodes" : "RSS after 100,000 inodes");
        Workplace.DropCaches();
        Add("RSS after forget");

        void Add(string what) => recorder.Add(Name, Figure.Cost(what, "MB"), contender.Name, StillResident(contender.ServerName!) / 1024.0);
    }

    // What follows a mount or a forget goes on in the server for a while.
    private static long StillResident(string server)
    {
        long last = -1;
        long now = ServerProcess.ResidentKiB(server);
        for (TimeSpan waited = default; now != last && waited < s_patience; waited += s_still)
        {
            Thread.Sleep(s_still);
            (last, now) = (now, ServerProcess.ResidentKiB(server));
        }

        return now;
    }
}
