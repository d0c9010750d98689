using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>Everything that stage 1 has decided about stage 2. Descriptors are borrowed: the caller closes its own afterwards.</summary>
public sealed class StageOnePlan
{
    /// <summary>The program, opened O_PATH; /proc/self/exe for "itself", since the root directory of a server is empty.</summary>
    public required OwnedFd Executable { get; init; }

    /// <summary>argv; the first one is what ps shows until the server sets its title.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>"NAME=value" strings. Nothing of the parent's environment is passed unless it stands here.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>
    /// The exact descriptor table of stage 2; whatever is not here is closed. 0, 1 and 2 may be left out: 0 is then at end of file, and
    /// 1 and 2 are the parent's.
    /// </summary>
    public required IReadOnlyList<InheritedFd> Inherit { get; init; }

    /// <summary>What stage 2 needs to look at itself, opened by the child as its own.</summary>
    public IReadOnlyList<OwnProcessFile> ProcessFiles { get; init; } = [];

    /// <summary>What stage 2 can open from its exec on; null is everything.</summary>
    public LandlockRuleset? Landlock { get; init; }

    /// <summary>The namespace to join; its owner must be the uid that stage 1 has. Null on the v1 dialect.</summary>
    public OwnedFd? UserNamespace { get; init; }

    /// <summary>Ids to take; null keeps those of stage 1, for a unit that already runs as its own user.</summary>
    public StageTwoIdentity? Identity { get; init; }

    /// <summary>What stage 2 keeps, in its namespace. Only uid 0 can keep anything through an exec.</summary>
    public CapabilitySet Capabilities { get; init; }

    public IReadOnlyList<ResourceLimit> Limits { get; init; } = [];

    /// <summary>Kill stage 2 when stage 1 ends. Not under systemd: stage 1 hands over with MAINPID and leaves, and stage 2 is then systemd's child
    /// from the start, because systemd does not wait for the end of a main process that is somebody else's.</summary>
    public bool DieWithParent { get; init; }

    /// <summary>For tests: what the launch leaves out.</summary>
    internal StageOneSteps Omitted { get; init; }

    /// <summary>When stage 2 is not executed by then, it is killed and the launch has failed.</summary>
    public Deadline Deadline { get; init; } = Deadline.In(TimeSpan.FromSeconds(10));
}
