namespace MountHelper.Tests;

/// <summary>One way in which a server misbehaves, and what has to come of it.</summary>
/// <param name="Name">A sentence that continues "a server that ...".</param>
/// <param name="Problem">
/// What the caller reads after "fuservicemount: SOURCE on MOUNTPOINT: ", up to the advice; {src} and {mnt} stand for the words.
/// </param>
internal sealed record HostileCase(string Name, Rule Rule, string Problem, Action<HostileStage> Script)
{
    public bool Own { get; init; }

    public string Options { get; init; } = "mount_timeout=30";

    /// <summary>What SOURCE is: "img", "src", or something the case makes.</summary>
    public string Source { get; init; } = "img";

    public uint Uid { get; init; } = ServiceListener.JoinerUid;

    /// <summary>How many descriptors of sources the server may have got on the way.</summary>
    public int Granted { get; init; }

    public Action<MountSandbox>? Prepare { get; init; }

    /// <summary>The rule that the message names when it is not the one the case is about.</summary>
    public Rule Shown { get; init; } = Rule;

    public override string ToString() => Name;
}
