using ServiceHost.Linux;

namespace GrantProbe;

/// <summary>threads: tries to fork with another managed thread running, which must be refused.</summary>
internal static class ThreadsCommand
{
    internal static int Run()
    {
        using ManualResetEventSlim end = new();
        Thread other = new(end.Wait);
        other.Start();
        Probe.Check(ChildProgram.Create(0, out ChildProgram program), "create");
        using (program)
        {
            program.Announce();
            program.Pause();
            ChildFailure? failure = ForkedChild.Start(program, endsInExec: false, Probe.Soon, out ForkedChild? child);
            child?.Dispose();
            Output.Line($"step: {failure?.Step} {failure?.Errno.Name}");
        }

        end.Set();
        other.Join();
        return 0;
    }
}
