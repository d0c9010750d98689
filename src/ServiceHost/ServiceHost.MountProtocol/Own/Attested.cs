namespace ServiceHost.MountProtocol;

/// <summary>
/// ATST, server to Mounter: the containment that the server has found of itself, before it read a byte of its grants. The text says
/// what is missing to the next level. It is not answered.
/// </summary>
public readonly record struct Attested(ContainmentLevel Level, string Text)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Attested);
        writer.U32((uint)Level);
        writer.Text16(Text);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out Attested message)
    {
        PacketReader reader = new(packet, Tag.Attested);
        uint level = reader.U32();
        if (level > (uint)ContainmentLevel.Full)
        {
            reader.Fail();
        }

        message = new Attested((ContainmentLevel)level, reader.Text16());
        return reader.IsComplete;
    }
}
