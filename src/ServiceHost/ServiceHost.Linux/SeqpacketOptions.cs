namespace ServiceHost.Linux;

/// <summary>What is switched on a socket before it can receive anything.</summary>
[Flags]
public enum SeqpacketOptions
{
    None = 0,

    /// <summary>
    /// SO_PASSRIGHTS off: the peer's attempt to send a descriptor fails with EPERM. Set before connect(2), because a descriptor
    /// queued earlier would still be delivered. A kernel without the option (before 6.16) is no failure: there every receive
    /// that allows no descriptors drops what arrives and says EBADMSG.
    /// </summary>
    RefuseDescriptors = 1,

    /// <summary>SO_PASSCRED: every packet tells who sent it.</summary>
    ReceiveCredentials = 2,
}
