namespace ServiceHost.MountProtocol;

/// <summary>
/// GBYE, server to Mounter. Exit code 0 only after INIT was answered: the mount is attached then. Any other code rolls back, and
/// the text is shown to the caller.
/// </summary>
public readonly record struct Goodbye(uint ExitCode, string Text)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Goodbye);
        writer.U32(ExitCode);
        writer.Text16(Text);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out Goodbye message)
    {
        PacketReader reader = new(packet, Tag.Goodbye);
        message = new Goodbye(reader.U32(), reader.Text16());
        return reader.IsComplete;
    }
}
