using Bench.Contenders;
using Bench.Workloads;

namespace Bench.Suites;

/// <summary>Operations on names, transport against transport.</summary>
internal sealed class MetadataSuite(BenchOptions options, Workplace place, PassthroughContenders passthrough) : MountedSuite("metadata", options, place)
{
    public override string About => "create, stat, open, readdir walk, rename, unlink of 20,000 files, 1 and 4 threads";

    protected override double Share => 0.33;

    protected override IReadOnlyList<Contender> Contenders => passthrough.Pick(
        PassthroughContenders.Native,
        PassthroughContenders.Dev,
        PassthroughContenders.Uring,
        PassthroughContenders.Hp,
        PassthroughContenders.Ll,
        PassthroughContenders.HpUring,
        PassthroughContenders.LlUring);

    protected override void Run(Contender contender, string path, Recorder recorder)
    {
        foreach (int threads in new[] { 1, 4 })
        {
            // A name that the kernel has not met: the directory is made beside the mount.
            string folder = Path.GetFileName(Place.Fresh($"files{threads}"));
            new NameWorkload(Path.Combine(path, folder), Options.MetadataFiles, threads)
                .Run((figure, value) => recorder.Add(Name, figure, contender.Name, value));
        }
    }
}
