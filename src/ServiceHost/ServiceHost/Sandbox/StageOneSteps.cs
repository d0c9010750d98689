namespace ServiceHost.Sandbox;

/// <summary>Steps of the launch, to leave them out one by one: the tests show that each is missed. The servers take all of them.</summary>
[Flags]
internal enum StageOneSteps
{
    None = 0,
    Session = 1 << 0,
    WorkingDirectory = 1 << 1,
    BoundingSet = 1 << 2,
    SecureBits = 1 << 3,
    Capabilities = 1 << 4,
    NoNewPrivileges = 1 << 5,
    CloseDescriptors = 1 << 6,
    Identity = 1 << 7,
    Groups = 1 << 8,
}
