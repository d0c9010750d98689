using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>DONE, Mounter to server: the mount is attached, or could not be and is gone. The last packet.</summary>
public readonly record struct Done(Errno Error, string Reason)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Done);
        writer.U32((uint)Error.Number);
        writer.Text16(Reason);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out Done message)
    {
        PacketReader reader = new(packet, Tag.Done);
        message = new Done(reader.Error32(), reader.Text16());
        return reader.IsComplete;
    }
}
