using Bench.Contenders;
using Bench.Workloads;

namespace Bench.Suites;

/// <summary>Reading and writing, by fio.</summary>
internal sealed class DataSuite(BenchOptions options, Workplace place, PassthroughContenders passthrough) : MountedSuite("data", options, place)
{
    private readonly FioWorkload _fio = FioWorkload.ReadAndWrite(options);

    public override string About => "fio: 4k and 1M, random and sequential, buffered and direct, 1 and 2 jobs; mmap";

    protected override double Share => 0.25;

    protected override IReadOnlyList<Contender> Contenders => passthrough.Pick(
        PassthroughContenders.Native,
        PassthroughContenders.DevPassthrough,
        PassthroughContenders.HpPassthrough,
        PassthroughContenders.Dev,
        PassthroughContenders.Uring,
        PassthroughContenders.Hp,
        PassthroughContenders.Ll);

    protected override void Prepare() => _fio.MakeFiles(Place.Fresh("data"));

    protected override void CleanUp() => Directory.Delete(Path.Combine(Place.Source, "data"), recursive: true);

    protected override void Run(Contender contender, string path, Recorder recorder) =>
        _fio.Run(Path.Combine(path, "data"), (figure, value) => recorder.Add(Name, figure, contender.Name, value));
}
