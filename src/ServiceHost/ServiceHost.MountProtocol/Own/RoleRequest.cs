namespace ServiceHost.MountProtocol;

/// <summary>ROLE, server to Mounter: asks for the object that policy gives to a role. "source" is the caller's SOURCE.</summary>
public readonly record struct RoleRequest(SourceKinds Kinds, SourceAccess Access, RoleFlags Flags, string Role)
{
    public const string Source = "source";

    /// <summary>The journal of a filesystem that keeps it on a device of its own.</summary>
    public const string Journal = "journal";

    /// <summary>With <see cref="RoleFlags.Loop"/>.</summary>
    public LoopPart Part { get; init; }

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Role);
        writer.U32((uint)Kinds);
        writer.U32((uint)Access);
        writer.U32((uint)Flags);
        writer.Name16(Role);
        if (Flags.HasFlag(RoleFlags.Loop))
        {
            writer.U64(Part.Offset);
            writer.U64(Part.Length);
        }

        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out RoleRequest message)
    {
        PacketReader reader = new(packet, Tag.Role);
        SourceKinds kinds = (SourceKinds)reader.Flags32((uint)SourceKinds.All);
        SourceAccess access = (SourceAccess)reader.Flags32((uint)SourceAccess.ReadWrite);
        RoleFlags flags = (RoleFlags)reader.Flags32((uint)RoleFlags.All);
        message = new RoleRequest(kinds, access, flags, reader.Name16());
        message = flags.HasFlag(RoleFlags.Loop) ? message with { Part = new LoopPart(reader.U64(), reader.U64()) } : message;
        return reader.IsComplete && kinds != SourceKinds.None;
    }
}
