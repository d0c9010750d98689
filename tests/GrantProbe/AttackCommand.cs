using MountHelper;
using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>
/// attack TREE OTHER OUTSIDE: two mounts of root's, each with its namespace and its server. The server of TREE is taken over: it is the
/// <see cref="Attacker"/>, and has what a real one has: its two clones and its own /proc/self/fd.
/// </summary>
internal static class AttackCommand
{
    internal static int Run(string[] arguments)
    {
        (string tree, string other, string outside) = (arguments[0], arguments[1], arguments[2]);
        IdMap map = IdMap.Create([])!;
        using UserNamespaceGrant own = Probe.Namespace(map, Probe.FixedRange(map));
        using UserNamespaceGrant foreign = Probe.Namespace(map, Probe.FixedRange(map, 1));
        using DirectoryGrant ownTree = Grant(tree, own);
        using DirectoryGrant foreignTree = Grant(other, foreign);
        Probe.Check(StageOne.TakeJoinerUid(Probe.Joiner), "take the joiner's uid");
        using OwnedFd self = Probe.Self();
        using ForkedChild victim = Probe.Launch(Plan(self, foreign, foreignTree, "sleep"));
        using ForkedChild attacker = Probe.Launch(
            Plan(self, own, ownTree, "attacker", victim.Pid.ToString(), outside, Environment.ProcessId.ToString()));
        ExitStatus status = attacker.Wait();
        Output.Line($"ended: {status}");
        return 0;
    }

    private static StageOnePlan Plan(OwnedFd self, UserNamespaceGrant grant, DirectoryGrant tree, params string[] arguments)
    {
        StageOnePlan template = Probe.Plan(self, grant, ServerIdentity.Root, arguments);
        return new StageOnePlan
        {
            Executable = self,
            Arguments = template.Arguments,
            Inherit = [new InheritedFd(tree.ReadWrite!, Attacker.ReadWrite), new InheritedFd(tree.ReadOnly, Attacker.ReadOnly)],
            ProcessFdDirectory = Attacker.ProcessFds,
            UserNamespace = template.UserNamespace,
            Identity = template.Identity,
            Capabilities = template.Capabilities,
        };
    }

    private static DirectoryGrant Grant(string path, UserNamespaceGrant grant)
    {
        Probe.Check(Libc.Openat(
            Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.Path | OpenFlags.Directory, 0, out OwnedFd source),
            "open the source");
        using (source)
        {
            DirectoryGrantRequest request = new()
            {
                Source = source,
                SourceName = path,
                UserNamespace = grant.Descriptor,
                ReadOnly = false,
                CallerIsRoot = true,
            };
            return DirectoryGrant.TryCreate(request, out DirectoryGrant? tree, out GrantRefusal? refusal)
                ? tree
                : throw new ProbeException(refusal.ToString());
        }
    }
}
