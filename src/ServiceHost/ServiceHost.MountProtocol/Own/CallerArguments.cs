namespace ServiceHost.MountProtocol;

/// <summary>ARGV, Mounter to server: who typed mount, with one descriptor, the argument memfd of <see cref="Size"/> bytes.</summary>
public readonly record struct CallerArguments(uint CallerUid, uint CallerGid, ArgumentFlags Flags, uint Size, uint[] Groups)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Arguments);
        writer.U32(CallerUid);
        writer.U32(CallerGid);
        writer.U32((uint)Flags);
        writer.U32(Size);
        writer.Count16(Groups.Length, Limits.Groups);
        writer.U16(0);
        foreach (uint group in Groups)
        {
            writer.U32(group);
        }

        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out CallerArguments message)
    {
        PacketReader reader = new(packet, Tag.Arguments);
        uint uid = reader.U32();
        uint gid = reader.U32();
        ArgumentFlags flags = (ArgumentFlags)reader.Flags32((uint)ArgumentFlags.All);
        uint size = reader.U32();
        int count = reader.Count16(Limits.Groups);
        reader.Reserved16();
        message = new CallerArguments(uid, gid, flags, size, reader.U32Array(count));
        return reader.IsComplete && size <= Limits.ArgumentBytes;
    }
}
