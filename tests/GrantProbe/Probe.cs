using MountHelper;
using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>What the commands share: a namespace as the Mounter makes it, and a plan as a server's runner makes it.</summary>
internal static class Probe
{
    /// <summary>A service uid that no account of a test machine has.</summary>
    internal const uint Joiner = 64_999;

    internal static Deadline Soon => Deadline.In(TimeSpan.FromMinutes(1));

    internal static OwnedFd Self()
    {
        Check(Libc.Openat(
            Fd.Cwd, CString.FromTerminated("/proc/self/exe\0"u8), OpenFlags.Path, 0, out OwnedFd self), "open /proc/self/exe");
        return self;
    }

    internal static UserNamespaceGrant Namespace(IdMap map, HostIdRange range) =>
        UserNamespaceGrant.TryCreate(
            Joiner, map.On(range), Soon, out UserNamespaceGrant? grant, out GrantRefusal? refusal)
            ? grant
            : throw new ProbeException(refusal.ToString());

    /// <summary>A fixed range near the end of the pool, for commands that do not test the allocator.</summary>
    internal static HostIdRange FixedRange(IdMap map, int index = 0) =>
        new(IdPool.Last + 1 - map.Count * (uint)(index + 1), map.Count);

    internal static StageOnePlan Plan(OwnedFd self, UserNamespaceGrant? grant, ServerIdentity identity, params string[] arguments) => new()
    {
        Executable = self,
        Arguments = ["probe-stage-2", .. arguments],
        Inherit = [],
        UserNamespace = grant?.Descriptor,
        Identity = new StageTwoIdentity(identity.Uid, identity.Gid, identity.Groups),
        Capabilities = identity.Capabilities,
        DieWithParent = true,
        Deadline = Soon,
    };

    internal static ForkedChild Launch(StageOnePlan plan)
    {
        ChildFailure? failure = StageOne.Launch(plan, out ForkedChild? child);
        return failure is null ? child! : throw new ProbeException($"{failure.Value.Step}: {failure}");
    }

    internal static void Check(Errno errno, string what)
    {
        if (errno.IsError)
        {
            throw new ProbeException($"{what}: {errno}");
        }
    }
}
