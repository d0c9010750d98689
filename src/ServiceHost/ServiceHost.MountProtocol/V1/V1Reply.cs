using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>REPL, helper to server: answers TYPE, NAME, MNTP, OPTS, MTAB and DOIT.</summary>
public readonly record struct V1Reply(Errno Error)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.V1Reply);
        writer.U32((uint)Error.Number);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out V1Reply message)
    {
        PacketReader reader = new(packet, Tag.V1Reply);
        message = new V1Reply(reader.Error32());
        return reader.IsComplete;
    }
}
