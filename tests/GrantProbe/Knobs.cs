using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.Sandbox;

namespace GrantProbe;

/// <summary>The steps that a run leaves out, by name. The servers have no such choice: it lives in this probe.</summary>
internal sealed class Knobs(IEnumerable<string> names)
{
    private readonly HashSet<string> _names = [.. names];

    public bool this[string name] => _names.Contains(name);

    public StageOneSteps StageOne =>
        Step("session", StageOneSteps.Session) | Step("working-directory", StageOneSteps.WorkingDirectory)
        | Step("bounding-set", StageOneSteps.BoundingSet) | Step("securebits", StageOneSteps.SecureBits)
        | Step("capset", StageOneSteps.Capabilities) | Step("first-no-new-privs", StageOneSteps.NoNewPrivileges)
        | Step("close", StageOneSteps.CloseDescriptors) | Step("ids", StageOneSteps.Identity) | Step("groups", StageOneSteps.Groups);

    public StageTwoSteps StageTwo =>
        (this["undumpable"] ? StageTwoSteps.Undumpable : 0) | (this["mdwe"] ? StageTwoSteps.NoExecutableMemory : 0)
        | (this["second-no-new-privs"] ? StageTwoSteps.NoNewPrivileges : 0) | (this["filter"] ? StageTwoSteps.Filter : 0);

    /// <summary>Without a namespace there is nobody to be but nobody.</summary>
    public ServerIdentity Identity => this["namespace"] ? ServerIdentity.Nobody : ServerIdentity.Root;

    public List<ResourceLimit> Limits =>
    [
        .. StageOneLimits.Make(hasUidOfItsOwn: true).Where(limit => !this[limit.Resource switch
        {
            ResourceKind.CoreSize => "core-limit",
            ResourceKind.ProcessCount => "thread-limit",
            ResourceKind.Data => "memory-limit",
            _ => "",
        }]),
    ];

    private StageOneSteps Step(string name, StageOneSteps step) => this[name] ? step : StageOneSteps.None;
}
