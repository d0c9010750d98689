namespace ServiceHost.MountProtocol;

/// <summary>
/// BRKU, caller to broker: unmount this. The descriptor is the directory in which the mountpoint is an entry, O_PATH;
/// <see cref="Entry"/> is the name there. <see cref="Type"/> may be empty: any.
/// </summary>
public sealed record BrokerUnmount(BrokerUnmountFlags Flags, byte[] Type, byte[] Mountpoint, byte[] Entry)
{
    public const int DescriptorCount = 1;

    private const int EntryBytes = 255;

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.BrokerUnmount);
        writer.U16(ProtocolVersion.Broker);
        writer.U16(0);
        writer.U32((uint)Flags);
        writer.Str16(Type);
        writer.Str16(Mountpoint);
        writer.Str16(Entry);
        return writer.ToPacket();
    }

    public static BrokerUnmount? TryDecode(ReadOnlySpan<byte> packet)
    {
        PacketReader reader = new(packet, Tag.BrokerUnmount);
        bool ours = reader.U16() == ProtocolVersion.Broker;
        reader.Reserved16();
        BrokerUnmount message = new(
            (BrokerUnmountFlags)reader.Flags32((uint)BrokerUnmountFlags.All), reader.Str16(Limits.NameBytes + 8).ToArray(),
            reader.Str16(Limits.PathBytes - 1).ToArray(), reader.Str16(EntryBytes).ToArray());
        return reader.IsComplete && ours && message.Mountpoint.Length > 0 && IsEntry(message.Entry) ? message : null;
    }

    /// <summary>One component that leads neither nowhere nor upwards.</summary>
    public static bool IsEntry(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= EntryBytes && !name.Contains((byte)'/') && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8);
}
