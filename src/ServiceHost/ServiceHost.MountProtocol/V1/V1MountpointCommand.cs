namespace ServiceHost.MountProtocol;

/// <summary>MNTP, server to helper.</summary>
/// <param name="ExpectedFormat">S_IFDIR, S_IFREG, or 0 for either.</param>
public readonly record struct V1MountpointCommand(ushort ExpectedFormat, byte[] Path)
{
    public const ushort Directory = 0x4000;
    public const ushort RegularFile = 0x8000;

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1Mountpoint);
        writer.U16(ExpectedFormat);
        writer.U16(0);
        writer.TerminatedRest(Path);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1MountpointCommand message)
    {
        PacketReader reader = new(packet, Tag.V1Mountpoint);
        ushort format = reader.U16();
        reader.Reserved16();
        message = new V1MountpointCommand(format, reader.TerminatedRest(Limits.PathBytes).ToArray());
        return reader.IsComplete;
    }
}
