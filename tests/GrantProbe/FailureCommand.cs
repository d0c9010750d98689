using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>failure STEP: arranges that exactly this step of a child fails, and prints what the parent was told.</summary>
internal static class FailureCommand
{
    internal static int Run(string step)
    {
        Action<ChildProgram> script = step switch
        {
            "StartSession" => static p =>
            {
                p.StartSession();
                p.StartSession();
            },
            "JoinUserNamespace" => static p => p.JoinUserNamespace(new Fd(0)),
            "PlaceDescriptors" => static p => p.PlaceInherited(new Fd(999), 5),
            "OpenProcessFiles" => static p =>
            {
                p.SetLimit(new ResourceLimit(ResourceKind.OpenFiles, 0, 0));
                p.PlaceProcessFile("/proc/self/fd\0"u8, OpenFlags.Directory, 5);
            },
            "SetLimits" => static p => p.SetLimit(new ResourceLimit(ResourceKind.OpenFiles, 10, 5)),
            "DropBoundingSet" => static p => AsNobody(p).LimitBoundingSet(CapabilitySet.Empty),
            "LockSecureBits" => static p => AsNobody(p).SetSecureBits(SecureBits.NoRoot),
            "SetGroups" => static p => AsNobody(p).SetGroups([5]),
            "SetGid" => static p => AsNobody(p).SetIdentity(1, 1),
            "SetUid" => static p => AsNobody(p).SetIdentity(1, Probe.Joiner),
            "SetCapabilities" => static p => AsNobody(p).SetCapabilities(CapabilitySet.Chown),
            "Unshare" => static p =>
            {
                p.UnshareUserNamespace();
                p.ForbidNestedNamespaces();
                p.UnshareUserNamespace();
            },
            "Execute" => static p => p.Execute(0, ["x"], []),
            _ => throw new ProbeException($"no way known to make {step} fail"),
        };
        Probe.Check(ChildProgram.Create(0, out ChildProgram program), "create");
        using (program)
        {
            script(program);
            program.Announce();
            program.Pause();
            return Print(ForkedChild.Start(program, endsInExec: step == "Execute", Probe.Soon, out ForkedChild? child), child);
        }
    }

    /// <summary>A child that never gets anywhere: it is killed at the deadline, or before by somebody else.</summary>
    internal static int Hang(int milliseconds)
    {
        Probe.Check(ChildProgram.Create(0, out ChildProgram program), "create");
        using (program)
        {
            program.Pause();
            Output.Line("waiting");
            Deadline deadline = Deadline.In(TimeSpan.FromMilliseconds(milliseconds));
            return Print(ForkedChild.Start(program, endsInExec: false, deadline, out ForkedChild? child), child);
        }
    }

    private static ChildProgram AsNobody(ChildProgram program)
    {
        program.SetIdentity(Probe.Joiner, Probe.Joiner);
        return program;
    }

    private static int Print(ChildFailure? failure, ForkedChild? child)
    {
        child?.Dispose();
        string children = File.ReadAllText($"/proc/self/task/{Environment.ProcessId}/children").Trim();
        Output.Line(failure is null ? "step: none" : $"step: {failure.Value.Step}");
        Output.Line($"errno: {failure?.Errno.Name}");
        Output.Line($"text: {failure}");
        Output.Line($"children: {children}");
        return 0;
    }
}
