namespace ServiceHost.MountProtocol;

/// <summary>DOIT, server to helper, with MS_* bits.</summary>
public readonly record struct V1MountCommand(uint MsFlags)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1Mount);
        writer.U32(MsFlags);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1MountCommand message)
    {
        PacketReader reader = new(packet, Tag.V1Mount);
        message = new V1MountCommand(reader.U32());
        return reader.IsComplete;
    }
}
