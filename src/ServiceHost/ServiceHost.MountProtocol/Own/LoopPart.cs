namespace ServiceHost.MountProtocol;

/// <summary>The part of an image that becomes a loop device, in bytes; a length of 0 is all that follows.</summary>
public readonly record struct LoopPart(ulong Offset, ulong Length);
