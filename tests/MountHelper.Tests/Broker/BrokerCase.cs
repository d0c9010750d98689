using ServiceHost.MountProtocol;

namespace MountHelper.Tests;

/// <summary>One thing that a caller of the broker tries and that comes to nothing.</summary>
/// <param name="Name">Continues "a caller that ...".</param>
/// <param name="Rule">What the answer names; null for a refusal of the kernel's.</param>
/// <param name="Problem">Stands in the answer; {mnt} and {src} are the paths.</param>
internal sealed record BrokerCase(string Name, Rule? Rule, string Problem, Func<BrokerStage, BrokerAnswer> Script)
{
    public uint Uid { get; init; } = UserThread.Uid;

    public uint[] Groups { get; init; } = [];

    /// <summary>Done by root in the sandbox before; {mnt}, {src} and {dir} are the paths.</summary>
    public string Prepare { get; init; } = "true";

    /// <summary>What the server does, for the cases that come so far.</summary>
    public Action<ServerEnd> Server { get; init; } = static server => server.WaitForHangUp();

    /// <summary>Whether the service listens in libfuse's place.</summary>
    public bool V1 { get; init; }

    /// <summary>Whether the server is reached; null where the case is over before or after, as it happens.</summary>
    public bool? Reaches { get; init; } = false;

    public override string ToString() => Name;
}
