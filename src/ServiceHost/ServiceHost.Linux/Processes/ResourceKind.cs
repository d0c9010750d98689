namespace ServiceHost.Linux;

/// <summary>RLIMIT_* numbers, the same on x86-64 and arm64.</summary>
public enum ResourceKind
{
    CpuSeconds = 0,
    FileSize = 1,
    Data = 2,
    Stack = 3,
    CoreSize = 4,
    ProcessCount = 6,
    OpenFiles = 7,
    LockedMemory = 8,
    AddressSpace = 9,
}
