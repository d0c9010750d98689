using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>A file that stage 1's child opens for stage 2 to look at itself with, because nothing can be opened under Landlock.</summary>
public sealed record OwnProcessFile(string Path, OpenFlags Flags, int Number);
