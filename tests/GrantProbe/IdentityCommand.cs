using System.Globalization;
using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>identity root | user UID GID GROUP,GROUP | nobody | v1: launches a stage 2 that reports who it is.</summary>
internal static class IdentityCommand
{
    internal static int Run(string[] arguments)
    {
        ServerIdentity identity = arguments switch
        {
            ["root"] => ServerIdentity.Root,
            ["nobody"] or ["v1"] => ServerIdentity.Nobody,
            ["user", string uid, string gid, string groups] => ServerIdentity.OfCaller(
                Number(uid), Number(gid), [.. groups.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)]),
            _ => throw new ProbeException("identity of whom?"),
        };
        IdMap map = IdMap.Create(identity.SpansAboveBase()) ?? throw new ProbeException("no such map");
        bool shifted = arguments[0] != "v1";
        using UserNamespaceGrant? grant = shifted ? Probe.Namespace(map, Probe.FixedRange(map)) : null;
        if (shifted)
        {
            Probe.Check(StageOne.TakeJoinerUid(Probe.Joiner), "take the joiner's uid");
            Output.Line($"joiner: {Report.ThreadField("CapPrm")}");
        }

        // Descriptors that must not reach stage 2: one of them without close-on-exec is the number 9.
        Probe.Check(Libc.Pipe(out OwnedFd read, out OwnedFd write), "pipe");
        using (read)
        using (write)
        using (OwnedFd self = Probe.Self())
        {
            StageOnePlan template = Probe.Plan(self, grant, identity, "report");
            StageOnePlan plan = new()
            {
                Executable = self,
                Arguments = template.Arguments,
                Environment = ["MARK=here"],
                Inherit = [new InheritedFd(read, 5), new InheritedFd(write, 3)],
                ProcessFiles = [new OwnProcessFile("/proc/self/fd", OpenFlags.Directory, 7)],
                UserNamespace = template.UserNamespace,
                Identity = template.Identity,
                Capabilities = identity.Capabilities,
                Limits = [new ResourceLimit(ResourceKind.OpenFiles, 512, 512), new ResourceLimit(ResourceKind.CoreSize, 0, 0)],
                DieWithParent = true,
                Deadline = Probe.Soon,
            };
            using ForkedChild child = Probe.Launch(plan);
            ExitStatus status = child.Wait();
            Output.Line($"ended: {status}");
            return status is { Exited: true, Value: 0 } ? 0 : 1;
        }
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
