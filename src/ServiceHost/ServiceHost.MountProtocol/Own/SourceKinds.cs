namespace ServiceHost.MountProtocol;

/// <summary>What a source can be: a mask in ROLE, one bit in GRNT.</summary>
[Flags]
public enum SourceKinds : uint
{
    None = 0,
    Directory = 1,
    RegularFile = 2,
    BlockDevice = 4,
    All = Directory | RegularFile | BlockDevice,
}
