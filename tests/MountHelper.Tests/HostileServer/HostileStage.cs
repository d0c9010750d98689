namespace MountHelper.Tests;

/// <summary>What a script has to act on: its end of the conversation and the paths of the sandbox.</summary>
internal sealed record HostileStage(ServerEnd Server, MountSandbox Sandbox, string Source)
{
    public string Mountpoint => Sandbox.Mountpoint;
}
