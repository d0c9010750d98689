using System.Diagnostics;
using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>The same thing many times: no hang, no zombie, no descriptor left, and how long one takes.</summary>
internal static class ManyLaunches
{
    internal static int Run(int count)
    {
        IdMap map = IdMap.Create([])!;
        using UserNamespaceGrant grant = Probe.Namespace(map, Probe.FixedRange(map));
        Probe.Check(StageOne.TakeJoinerUid(Probe.Joiner), "take the joiner's uid");
        using OwnedFd self = Probe.Self();
        return Measure(count, () =>
        {
            using ForkedChild child = Probe.Launch(Probe.Plan(self, grant, ServerIdentity.Root, "nothing"));
            long launched = Stopwatch.GetTimestamp();
            ExitStatus status = child.Wait();
            return status is { Exited: true, Value: 0 } ? launched : throw new ProbeException($"stage 2 ended with {status}");
        });
    }

    internal static int RunNamespaces(int count)
    {
        IdMap map = IdMap.Create([])!;
        return Measure(count, () =>
        {
            using UserNamespaceGrant grant = Probe.Namespace(map, Probe.FixedRange(map));
            return Stopwatch.GetTimestamp();
        });
    }

    private static int Measure(int count, Func<long> once)
    {
        once();
        int before = OpenDescriptors();
        List<double> milliseconds = [];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            long end = once();
            milliseconds.Add(Stopwatch.GetElapsedTime(start, end).TotalMilliseconds);
        }

        milliseconds.Sort();
        Output.Line($"done: {count}");
        Output.Line($"leaked: {OpenDescriptors() - before}");
        Output.Line($"children: {Children()}");
        Output.Line($"median-ms: {milliseconds[count / 2]:F2}");
        Output.Line($"p99-ms: {milliseconds[count * 99 / 100]:F2}");
        return 0;
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static int Children() => File.ReadAllText($"/proc/self/task/{Environment.ProcessId}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
}
