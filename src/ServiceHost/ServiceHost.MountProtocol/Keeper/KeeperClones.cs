namespace ServiceHost.MountProtocol;

/// <summary>
/// The two clones of one directory, by unique mount id. What is opened for writing has to come through the one, what is opened for reading alone
/// through the other. 0 is no mount: a directory that was granted for reading has no read-write clone.
/// </summary>
public readonly record struct KeeperClones(ulong ReadWriteMountId, ulong ReadOnlyMountId);
