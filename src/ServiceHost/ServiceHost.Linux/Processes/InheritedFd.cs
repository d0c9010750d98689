namespace ServiceHost.Linux;

/// <summary>A descriptor that an exec'ed child gets, and the number under which it finds it. The owner stays the parent.</summary>
public readonly record struct InheritedFd(OwnedFd Source, int Number);
