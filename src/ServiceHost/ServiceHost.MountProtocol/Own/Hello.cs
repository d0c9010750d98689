namespace ServiceHost.MountProtocol;

/// <summary>HELO, Mounter to server: the first packet.</summary>
public readonly record struct Hello(
    ushort MinVersion,
    ushort MaxVersion,
    HelloFeatures Features,
    uint DeadlineMilliseconds,
    uint JoinerUid,
    uint CpuCount,
    string Type)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Hello);
        writer.U16(MinVersion);
        writer.U16(MaxVersion);
        writer.U32((uint)Features);
        writer.U32(DeadlineMilliseconds);
        writer.U32(JoinerUid);
        writer.U32(CpuCount);
        writer.Name16(Type);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out Hello message)
    {
        PacketReader reader = new(packet, Tag.Hello);
        message = new Hello(
            reader.U16(),
            reader.U16(),
            (HelloFeatures)reader.U32(),
            reader.U32(),
            reader.U32(),
            reader.U32(),
            reader.Name16());
        return reader.IsComplete;
    }
}
