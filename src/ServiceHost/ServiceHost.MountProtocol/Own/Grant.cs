using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// GRNT, Mounter to server: the answer to one ROLE. With an error there are no descriptors and the reason says why.
/// </summary>
public sealed record Grant
{
    public Errno Error { get; init; }

    public SourceKinds Kind { get; init; }

    public SourceAccess Access { get; init; }

    public GrantFlags Flags { get; init; }

    /// <summary>The unique mount id of the clone; 0 where the kernel has none.</summary>
    public ulong RwMountId { get; init; }

    public ulong RoMountId { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>What stage 2 keeps inside its user namespace, as a capability mask.</summary>
    public ulong Capabilities { get; init; }

    public uint[] Groups { get; init; } = [];

    public IdExtent[] Extents { get; init; } = [];

    public string Reason { get; init; } = string.Empty;

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Grant);
        writer.U32((uint)Error.Number);
        writer.U32((uint)Kind);
        writer.U32((uint)Access);
        writer.U32((uint)Flags);
        writer.U64(RwMountId);
        writer.U64(RoMountId);
        writer.U32(Uid);
        writer.U32(Gid);
        writer.U64(Capabilities);
        writer.Count16(Groups.Length, Limits.Groups);
        writer.Count16(Extents.Length, Limits.Extents);
        foreach (uint group in Groups)
        {
            writer.U32(group);
        }

        foreach (IdExtent extent in Extents)
        {
            writer.U32(extent.Inside);
            writer.U32(extent.Host);
            writer.U32(extent.Count);
        }

        writer.Text16(Reason);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out Grant message)
    {
        PacketReader reader = new(packet, Tag.Grant);
        message = new Grant
        {
            Error = reader.Error32(),
            Kind = (SourceKinds)reader.Flags32((uint)SourceKinds.All),
            Access = (SourceAccess)reader.Flags32((uint)SourceAccess.ReadWrite),
            Flags = (GrantFlags)reader.Flags32((uint)GrantFlags.All),
            RwMountId = reader.U64(),
            RoMountId = reader.U64(),
            Uid = reader.U32(),
            Gid = reader.U32(),
            Capabilities = reader.U64(),
        };
        int groups = reader.Count16(Limits.Groups);
        int extents = reader.Count16(Limits.Extents);
        message = message with
        {
            Groups = reader.U32Array(groups),
            Extents = ReadExtents(ref reader, extents),
            Reason = reader.Text16(),
        };
        return reader.IsComplete;
    }

    /// <summary>
    /// Whether descriptors, kind and error go together as the own dialect has it. A layout that decodes need not be.
    /// </summary>
    public bool IsConsistent =>
        Error.IsError
            ? Flags == GrantFlags.None
            : Kind switch
            {
                // A clone without the namespace it belongs to would be served with the rights of stage 1.
                SourceKinds.Directory => (Flags & (GrantFlags.RwClone | GrantFlags.RoClone)) != 0
                    && (Flags & (GrantFlags.File | GrantFlags.UserNamespace)) == GrantFlags.UserNamespace,
                SourceKinds.RegularFile or SourceKinds.BlockDevice =>
                    (Flags & (GrantFlags.File | GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.Keeper)) == GrantFlags.File,
                _ => false,
            };

    private static IdExtent[] ReadExtents(ref PacketReader reader, int count)
    {
        IdExtent[] extents = new IdExtent[count];
        foreach (ref IdExtent extent in extents.AsSpan())
        {
            extent = new IdExtent(reader.U32(), reader.U32(), reader.U32());
            if (!extent.IsValid)
            {
                reader.Fail();
            }
        }

        return extents;
    }
}
