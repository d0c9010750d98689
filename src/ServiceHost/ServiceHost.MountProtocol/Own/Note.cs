namespace ServiceHost.MountProtocol;

/// <summary>NOTE, server to Mounter: a line for whoever typed mount. It is not answered.</summary>
public readonly record struct Note(NoteLevel Level, string Text)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Note);
        writer.U32((uint)Level);
        writer.Text16(Text);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out Note message)
    {
        PacketReader reader = new(packet, Tag.Note);
        message = new Note((NoteLevel)reader.Flags32((uint)NoteLevel.Warning), reader.Text16());
        return reader.IsComplete;
    }
}
