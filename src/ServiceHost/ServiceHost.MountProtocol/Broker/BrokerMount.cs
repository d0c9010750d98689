using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// BRKM, caller to broker: mount this. The first descriptor is the mountpoint, then SOURCE as far as the caller could open it, and an errno
/// says why not, then the journal beside it. Paths are names to show.
/// </summary>
public sealed record BrokerMount(
    BrokerMountFlags Flags, Errno ReadErrno, Errno WriteErrno, string Type, byte[] Source, byte[] Mountpoint, byte[] Options)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.BrokerMount);
        writer.U16(ProtocolVersion.Broker);
        writer.U16(0);
        writer.U32((uint)Flags);
        writer.U32((uint)ReadErrno.Number);
        writer.U32((uint)WriteErrno.Number);
        writer.Name16(Type);
        writer.Str16(Source);
        writer.Str16(Mountpoint);
        writer.Str16(Options);
        return writer.ToPacket();
    }

    public static BrokerMount? TryDecode(ReadOnlySpan<byte> packet)
    {
        PacketReader reader = new(packet, Tag.BrokerMount);
        bool ours = reader.U16() == ProtocolVersion.Broker;
        reader.Reserved16();
        BrokerMount message = new(
            (BrokerMountFlags)reader.Flags32((uint)BrokerMountFlags.All), reader.Error32(), reader.Error32(), reader.Name16(),
            reader.Str16(Limits.PathBytes - 1).ToArray(), reader.Str16(Limits.PathBytes - 1).ToArray(),
            reader.Str16(Limits.BrokerOptionBytes).ToArray());
        bool consistent = message.Mountpoint.Length > 0
            && message.Flags.HasFlag(BrokerMountFlags.HasSource) == (message.Source.Length > 0);
        return reader.IsComplete && ours && consistent ? message : null;
    }

    /// <summary>How many descriptors the flags announce.</summary>
    public int DescriptorCount => 1 + SourceDescriptors + (Flags.HasFlag(BrokerMountFlags.JournalForReading) ? 1 : 0);

    /// <summary>How many of them, behind the mountpoint, are SOURCE.</summary>
    public int SourceDescriptors =>
        (Flags.HasFlag(BrokerMountFlags.SourceForReading) ? 1 : 0) + (Flags.HasFlag(BrokerMountFlags.SourceForWriting) ? 1 : 0);
}
