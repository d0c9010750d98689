namespace ServiceHost.MountProtocol;

/// <summary>NAME (the mount's source), OPTS (options for the kernel) or MTAB (options for utab); server to helper.</summary>
public readonly record struct V1StringCommand(Tag Tag, byte[] Value)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag);
        writer.TerminatedRest(Value);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1StringCommand message)
    {
        bool known = packet.TryReadTag(out Tag tag) && tag is Tag.V1Source or Tag.V1Options or Tag.V1MtabOptions;
        PacketReader reader = new(packet, tag);
        message = new V1StringCommand(tag, reader.TerminatedRest(Limits.PacketBytes).ToArray());
        return known && reader.IsComplete;
    }
}
