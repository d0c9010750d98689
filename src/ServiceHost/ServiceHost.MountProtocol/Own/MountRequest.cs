namespace ServiceHost.MountProtocol;

/// <summary>MNTR, server to Mounter. Source, subtype, owner, allow_other and mount flags are the Mounter's own knowledge.</summary>
/// <param name="RootMode">The S_IFMT part of the root: S_IFDIR or S_IFREG.</param>
/// <param name="MaxRead">0 is the kernel's default.</param>
/// <param name="BlockSize">0 is the kernel's default.</param>
/// <param name="Devices">How many /dev/fuse descriptors the server wants, one for each worker.</param>
public readonly record struct MountRequest(MountRequestFlags Flags, uint RootMode, uint MaxRead, uint BlockSize, uint Devices)
{
    public const uint DirectoryRoot = 0x4000;
    public const uint FileRoot = 0x8000;

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Mount);
        writer.U32((uint)Flags);
        writer.U32(RootMode);
        writer.U32(MaxRead);
        writer.U32(BlockSize);
        writer.U32(Devices);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out MountRequest message)
    {
        PacketReader reader = new(packet, Tag.Mount);
        MountRequestFlags flags = (MountRequestFlags)reader.Flags32((uint)MountRequestFlags.All);
        message = new MountRequest(flags, reader.U32(), reader.U32(), reader.U32(), reader.U32());
        return reader.IsComplete
            && message.RootMode is DirectoryRoot or FileRoot
            && message.Devices is >= 1 and <= Limits.Devices;
    }
}
