using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// MNTD, Mounter to server, with <see cref="Devices"/> descriptors: the first is bound to the new superblock, the others are
/// clones of it. The mount is still detached.
/// </summary>
public readonly record struct MountReply(Errno Error, uint Devices, ulong MountId, uint FuseDevice, string Reason)
{
    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Mounted);
        writer.U32((uint)Error.Number);
        writer.U32(Devices);
        writer.U64(MountId);
        writer.U32(FuseDevice);
        writer.U32(0);
        writer.Text16(Reason);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out MountReply message)
    {
        PacketReader reader = new(packet, Tag.Mounted);
        Errno error = reader.Error32();
        uint devices = reader.U32();
        ulong mountId = reader.U64();
        uint fuseDevice = reader.U32();
        reader.Reserved32();
        message = new MountReply(error, devices, mountId, fuseDevice, reader.Text16());
        return reader.IsComplete && (error.IsError ? devices == 0 : devices is >= 1 and <= Limits.Devices);
    }
}
