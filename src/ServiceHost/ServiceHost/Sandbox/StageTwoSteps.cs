namespace ServiceHost.Sandbox;

/// <summary>Steps of stage 2's own, to leave them out one by one in tests. The servers take all of them.</summary>
[Flags]
internal enum StageTwoSteps
{
    None = 0,
    Undumpable = 1 << 0,
    NoExecutableMemory = 1 << 1,
    NoNewPrivileges = 1 << 2,
    Filter = 1 << 3,
}
