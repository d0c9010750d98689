namespace ServiceHost.MountProtocol;

/// <summary>LAST, server to helper.</summary>
public readonly record struct V1HelloReply(ushort Version)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1HelloReply);
        writer.U16(Version);
        writer.U16(0);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1HelloReply message)
    {
        PacketReader reader = new(packet, Tag.V1HelloReply);
        message = new V1HelloReply(reader.U16());
        reader.Reserved16();
        return reader.IsComplete;
    }
}
