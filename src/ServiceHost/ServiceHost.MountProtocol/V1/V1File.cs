using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// FILE, helper to server: a descriptor, or why there is none. The path echoes the request; the two unasked ones at the start are
/// named "argv" and "fusedev". Exactly one descriptor comes with error 0 and none otherwise.
/// </summary>
public readonly record struct V1File(Errno Error, byte[] Path)
{
    public static ReadOnlySpan<byte> Argv => "argv"u8;

    public static ReadOnlySpan<byte> FuseDevice => "fusedev"u8;

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1File);
        writer.U32((uint)Error.Number);
        writer.TerminatedRest(Path);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1File message)
    {
        PacketReader reader = new(packet, Tag.V1File);
        message = new V1File(reader.Error32(), reader.TerminatedRest(Limits.PathBytes).ToArray());
        return reader.IsComplete;
    }
}
