namespace ServiceHost.MountProtocol;

/// <summary>TYPE, server to helper: fuse or fuseblk. Unknown bits are answered with EINVAL by the helper.</summary>
public readonly record struct V1FsopenCommand(V1FsopenFlags Flags)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1Fsopen);
        writer.U32((uint)Flags);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1FsopenCommand message)
    {
        PacketReader reader = new(packet, Tag.V1Fsopen);
        message = new V1FsopenCommand((V1FsopenFlags)reader.U32());
        return reader.IsComplete;
    }
}
