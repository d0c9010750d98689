using MountHelper;
using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>
/// attack root|user TREE OTHER OUTSIDE: two mounts, of root's or of the user 1000 with the group 1000, each with its namespace and its server. The
/// server of TREE is taken over: it is the <see cref="Attacker"/>, and has what a real one has: its two clones and its own /proc/self/fd.
/// </summary>
internal static class AttackCommand
{
    internal static int Run(string[] arguments)
    {
        (string tree, string other, string outside) = (arguments[1], arguments[2], arguments[3]);
        ServerIdentity identity = arguments[0] == "root" ? ServerIdentity.Root : ServerIdentity.OfCaller(1000, 1000, []);
        IdMap map = IdMap.Create([])!;
        using UserNamespaceGrant own = Probe.Namespace(map, Probe.FixedRange(map));
        using UserNamespaceGrant foreign = Probe.Namespace(map, Probe.FixedRange(map, 1));
        using DirectoryGrant ownTree = Grant(tree, own, identity);
        using DirectoryGrant foreignTree = Grant(other, foreign, identity);
        Probe.Check(StageOne.TakeJoinerUid(Probe.Joiner), "take the joiner's uid");
        using OwnedFd self = Probe.Self();
        using ForkedChild victim = Probe.Launch(Plan(self, foreign, foreignTree, identity, "sleep"));
        using ForkedChild attacker = Probe.Launch(
            Plan(self, own, ownTree, identity, "attacker", victim.Pid.ToString(), outside, Environment.ProcessId.ToString()));
        ExitStatus status = attacker.Wait();
        Output.Line($"ended: {status}");
        return 0;
    }

    private static StageOnePlan Plan(OwnedFd self, UserNamespaceGrant grant, DirectoryGrant tree, ServerIdentity identity, params string[] arguments)
    {
        StageOnePlan template = Probe.Plan(self, grant, identity, arguments);
        return new StageOnePlan
        {
            Executable = self,
            Arguments = template.Arguments,
            Inherit = [new InheritedFd(tree.ReadWrite!, Attacker.ReadWrite), new InheritedFd(tree.ReadOnly, Attacker.ReadOnly)],
            ProcessFiles = [new OwnProcessFile("/proc/self/fd", OpenFlags.Directory, Attacker.ProcessFds)],
            UserNamespace = template.UserNamespace,
            Identity = template.Identity,
            Capabilities = template.Capabilities,
            DieWithParent = true,
        };
    }

    private static DirectoryGrant Grant(string path, UserNamespaceGrant grant, ServerIdentity identity)
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
                CallerIsRoot = identity.Uid == 0,
            };
            return DirectoryGrant.TryCreate(request, out DirectoryGrant? tree, out GrantRefusal? refusal)
                ? tree
                : throw new ProbeException(refusal.ToString());
        }
    }
}
