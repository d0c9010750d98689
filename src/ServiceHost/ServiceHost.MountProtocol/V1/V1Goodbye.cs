namespace ServiceHost.MountProtocol;

/// <summary>
/// BYEE, server to helper; not answered. libfuse's helper ends with this exit code. 2 would make mount.fuse3 run the driver
/// without a sandbox, so a server says 1 for every failure.
/// </summary>
public readonly record struct V1Goodbye(uint ExitCode)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1Goodbye);
        writer.U32(ExitCode);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1Goodbye message)
    {
        PacketReader reader = new(packet, Tag.V1Goodbye);
        message = new V1Goodbye(reader.U32());
        return reader.IsComplete;
    }
}
