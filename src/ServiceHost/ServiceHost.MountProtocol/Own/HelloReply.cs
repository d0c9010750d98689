namespace ServiceHost.MountProtocol;

/// <summary>OLEH, server to Mounter. Its SCM_CREDENTIALS tell the Mounter the uid that joins the namespace.</summary>
public readonly record struct HelloReply(ushort Version, HelloFeatures Features)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.HelloReply);
        writer.U16(Version);
        writer.U16(0);
        writer.U32((uint)Features);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out HelloReply message)
    {
        PacketReader reader = new(packet, Tag.HelloReply);
        ushort version = reader.U16();
        reader.Reserved16();
        message = new HelloReply(version, (HelloFeatures)reader.U32());
        return reader.IsComplete;
    }
}
