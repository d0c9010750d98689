namespace ServiceHost.MountProtocol;

/// <summary>
/// KEEP, Mounter to keeper, with two descriptors: a clone of the mount's device, and the keeper's end of its channel. Not answered: what the
/// keeper makes of it is between it and the server.
/// </summary>
/// <param name="Quota">Files that the server may have registered at a time; 0 leaves it to the keeper.</param>
/// <param name="Clones">The clones of directories that the server was granted.</param>
public sealed record KeeperAssignment(uint Quota, IReadOnlyList<KeeperClones> Clones)
{
    public const int DescriptorCount = 2;

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.KeeperAssignment);
        writer.U16(ProtocolVersion.Keeper);
        writer.Count16(Clones.Count, Limits.Roles);
        writer.U32(Quota);
        foreach (KeeperClones clones in Clones)
        {
            writer.U64(clones.ReadWriteMountId);
            writer.U64(clones.ReadOnlyMountId);
        }

        return writer.ToPacket();
    }

    public static KeeperAssignment? TryDecode(ReadOnlySpan<byte> packet)
    {
        PacketReader reader = new(packet, Tag.KeeperAssignment);
        bool ours = reader.U16() == ProtocolVersion.Keeper;
        KeeperClones[] clones = new KeeperClones[reader.Count16(Limits.Roles)];
        uint quota = reader.U32();
        foreach (ref KeeperClones pair in clones.AsSpan())
        {
            pair = new KeeperClones(reader.U64(), reader.U64());
        }

        return reader.IsComplete && ours && clones.Length > 0 ? new KeeperAssignment(quota, clones) : null;
    }
}
