namespace ServiceHost.MountProtocol;

/// <summary>
/// OPEN, or BDEV when the result must be a block device; server to helper. All numbers are the peer's wish and judged by the
/// helper: an unknown bit is answered with EINVAL, it does not end the conversation.
/// </summary>
/// <param name="OpenFlags">O_* of the running architecture.</param>
public readonly record struct V1OpenCommand(
    bool BlockDevice, uint OpenFlags, uint CreateMode, V1OpenFlags RequestFlags, uint BlockSize, byte[] Path)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(BlockDevice ? Tag.V1OpenBlock : Tag.V1Open);
        writer.U32(OpenFlags);
        writer.U32(CreateMode);
        writer.U32((uint)RequestFlags);
        writer.U32(BlockSize);
        writer.TerminatedRest(Path);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1OpenCommand message)
    {
        bool blockDevice = packet.TryReadTag(out Tag tag) && tag == Tag.V1OpenBlock;
        PacketReader reader = new(packet, blockDevice ? Tag.V1OpenBlock : Tag.V1Open);
        message = new V1OpenCommand(
            blockDevice,
            reader.U32(),
            reader.U32(),
            (V1OpenFlags)reader.U32(),
            reader.U32(),
            reader.TerminatedRest(Limits.PathBytes).ToArray());
        return reader.IsComplete;
    }
}
