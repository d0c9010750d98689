namespace ServiceHost.MountProtocol;

/// <summary>The versions of a dialect that this library speaks.</summary>
public static class ProtocolVersion
{
    public const ushort Own = 1;

    /// <summary>Of the conversation with the broker.</summary>
    public const ushort Broker = 1;

    /// <summary>Of the Mounter's and the server's conversation with a keeper.</summary>
    public const ushort Keeper = 1;

    public const ushort V1 = 1;

    /// <summary>Whether the peer's range, which must be one, contains ours.</summary>
    public static bool Includes(ushort minimum, ushort maximum, ushort version) =>
        minimum <= maximum && minimum <= version && version <= maximum;
}
