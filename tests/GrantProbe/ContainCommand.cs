using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>contain NAMESPACES KNOB...: launches a stage 2 as a server's runner does, but for the steps that are named.</summary>
internal static class ContainCommand
{
    internal static int Run(string namespaces, string[] names)
    {
        Knobs knobs = new(names);
        IdMap map = IdMap.Create([]) ?? throw new ProbeException("no map");
        using UserNamespaceGrant? grant = knobs["namespace"] ? null : Probe.Namespace(map, Probe.FixedRange(map));
        BecomeJoiner(knobs);
        using OwnedFd self = Probe.Self();
        using LandlockRuleset? ruleset = Rules(knobs, self);
        StageOnePlan plan = new()
        {
            Executable = self,
            Arguments = ["probe-stage-2", "contained", namespaces, .. names],
            Environment = knobs["environment"] ? ["DOTNET_gcServer=0"] : [],
            Inherit = [],
            ProcessFiles =
            [
                new OwnProcessFile(AttestationFiles.DescriptorsPath, OpenFlags.Directory, ContainedCommand.DescriptorsNumber),
                new OwnProcessFile(AttestationFiles.ThreadsPath, OpenFlags.Directory, ContainedCommand.ThreadsNumber),
                new OwnProcessFile(AttestationFiles.MountsPath, OpenFlags.ReadOnly, ContainedCommand.MountsNumber),
            ],
            UserNamespace = grant?.Descriptor,
            Identity = new StageTwoIdentity(knobs.Identity.Uid, knobs.Identity.Gid, []),
            Capabilities = knobs.Identity.Capabilities,
            Limits = knobs.Limits,
            Landlock = ruleset,
            Omitted = knobs.StageOne,
            DieWithParent = true,
            Deadline = Probe.Soon,
        };
        using ForkedChild child = Probe.Launch(plan);
        return child.Wait() is { Exited: true, Value: 0 } ? 0 : 1;
    }

    /// <summary>"parent-groups": a stage 1 that has not given its groups up.</summary>
    private static void BecomeJoiner(Knobs knobs)
    {
        if (knobs["namespace"])
        {
            return;
        }

        if (!knobs["parent-groups"])
        {
            Probe.Check(StageOne.TakeJoinerUid(Probe.Joiner), "take the joiner's uid");
            return;
        }

        Probe.Check(ProcessIdentity.SetGroups([4]), "keep a group");
        Probe.Check(ProcessIdentity.SetGid(Probe.Joiner), "take the gid");
        Probe.Check(ProcessIdentity.SetUid(Probe.Joiner), "take the uid");
    }

    private static LandlockRuleset? Rules(Knobs knobs, OwnedFd self)
    {
        if (knobs["landlock"])
        {
            return null;
        }

        Probe.Check(LandlockRuleset.Create(out LandlockRuleset? ruleset), "a ruleset");
        Probe.Check(StageOneRuleset.AllowProgram(ruleset!, self), "rules");
        if (knobs["landlock-rules"])
        {
            Probe.Check(Libc.Openat(Fd.Cwd, CString.FromTerminated("/\0"u8), OpenFlags.Path, 0, out OwnedFd root), "open /");
            using (root)
            {
                Probe.Check(ruleset!.Allow(root, LandlockAccess.Reading), "allow /");
            }
        }

        return ruleset;
    }
}
