namespace ServiceHost.Sandbox;

/// <summary>Who stage 2 is, in the ids of the namespace it runs in.</summary>
public sealed record StageTwoIdentity(uint Uid, uint Gid, IReadOnlyList<uint> Groups);
