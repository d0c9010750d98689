using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>orphan: launches a stage 2 that sleeps and dies with its parent, prints its pid, and waits to be killed.</summary>
internal static class OrphanCommand
{
    internal static int Run()
    {
        IdMap map = IdMap.Create([])!;
        using UserNamespaceGrant grant = Probe.Namespace(map, Probe.FixedRange(map));
        Probe.Check(StageOne.TakeJoinerUid(Probe.Joiner), "take the joiner's uid");
        using OwnedFd self = Probe.Self();
        StageOnePlan template = Probe.Plan(self, grant, ServerIdentity.Root, "sleep");
        using ForkedChild child = Probe.Launch(new StageOnePlan
        {
            Executable = self,
            Arguments = template.Arguments,
            Inherit = [],
            UserNamespace = template.UserNamespace,
            Identity = template.Identity,
            Capabilities = template.Capabilities,
            DieWithParent = true,
        });
        Output.Line($"child: {child.Pid}");
        child.Wait();
        return 0;
    }
}
