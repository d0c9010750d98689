namespace MountHelper;

/// <summary>One "allow" line: what the servers of a type may have besides the caller's SOURCE.</summary>
/// <param name="Role">The role of the own dialect that the path stands for; null for a path that a server of v1 may ask for by name.</param>
public sealed record PolicyEntry(string? Role, byte[] Path, bool Writable);
