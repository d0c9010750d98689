namespace ServiceHost.MountProtocol;

/// <summary>SAFT, helper to server: the first packet of v1. A bit that is not known is refused, as libfuse's services do.</summary>
public readonly record struct V1Hello(ushort MinVersion, ushort MaxVersion, V1HelloFlags Flags)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1Hello);
        writer.U16(MinVersion);
        writer.U16(MaxVersion);
        writer.U32((uint)Flags);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1Hello message)
    {
        PacketReader reader = new(packet, Tag.V1Hello);
        message = new V1Hello(reader.U16(), reader.U16(), (V1HelloFlags)reader.Flags32((uint)V1HelloFlags.All));
        return reader.IsComplete;
    }
}
