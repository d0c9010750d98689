using Peers = Bench.Contenders.PassthroughContenders;

namespace Bench.Report;

/// <summary>What the project wants to reach.</summary>
internal static class GoalList
{
    private const string Kernel = Contenders.Ext4Contenders.Kernel;
    private const string Own = Contenders.Ext4Contenders.Own;
    private const string Fuse2Fs = Contenders.Ext4Contenders.Fuse2Fs;

    private static readonly string[] s_metadata = ["create", "stat cold", "open", "readdir walk", "unlink"];

    public static IReadOnlyList<Goal> All { get; } =
    [
        new("data", Starts("4k randread", "1M seqread", "mmap read"), Peers.DevPassthrough, [Peers.Native], 0.90),
        new("data", Starts("1M seqwrite"), Peers.DevPassthrough, [Peers.Native], 0.85),
        new("data", Starts("4k randwrite"), Peers.DevPassthrough, [Peers.Native], 0.70),
        new("data", Starts("1M seqread"), Peers.Dev, [Peers.Hp], 1.0),
        new("metadata", Starts(s_metadata), Peers.Dev, [Peers.Hp, Peers.Ll], 1.5),
        new("metadata", Starts(s_metadata), Peers.Uring, [Peers.HpUring, Peers.LlUring], 1.5),
        new("mount", Starts("mount"), Peers.Dev, [], 15),
        new("systemd", Starts("mount"), Suites.SystemdSuite.Own, [Suites.SystemdSuite.ServiceLl], 1 / 1.1),
        new("memory", Starts("RSS idle"), Peers.Dev, [], 12),
        new("memory", Starts("RSS idle"), Peers.Uring, [], 32),
        new("ext4", Starts("1M seqread cold buffered"), Own, [Fuse2Fs], 2),
        new("ext4", Starts("1M seqread cold direct"), Own, [Fuse2Fs], 3),
        new("ext4", Starts("4k randread direct 1 job"), Own, [Fuse2Fs], 1.2),
        new("ext4", Starts("4k randread direct 4 jobs"), Own, [Fuse2Fs], 2.5),
        new("ext4", Starts("walk cold"), Own, [Fuse2Fs], 4),
        new("ext4", Starts("walk warm"), Own, [Fuse2Fs], 20),
        new("ext4", Starts("1M seqread cold buffered"), Own, [Kernel], 1.0),
        new("ext4", Starts("1M seqread cold direct"), Own, [Kernel], 0.5),
        new("ext4", static name => name == "walk cold", Own, [Kernel], 0.6),
        new("ext4-mount", Starts("mount"), Own, [Kernel], 50) { IsMargin = true },
        new("ext4-million", Starts("RSS after"), Own, [], 64),
    ];

    private static Func<string, bool> Starts(params string[] beginnings) =>
        name => beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));
}
