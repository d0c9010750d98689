namespace ServiceHost.MountProtocol;

/// <summary>ROLE, server to Mounter: asks for the object that policy gives to a role. "source" is the caller's SOURCE.</summary>
public readonly record struct RoleRequest(SourceKinds Kinds, SourceAccess Access, RoleFlags Flags, string Role)
{
    public const string Source = "source";

    public byte[] Encode()
    {
        PacketWriter writer = new(Tag.Role);
        writer.U32((uint)Kinds);
        writer.U32((uint)Access);
        writer.U32((uint)Flags);
        writer.Name16(Role);
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out RoleRequest message)
    {
        PacketReader reader = new(packet, Tag.Role);
        SourceKinds kinds = (SourceKinds)reader.Flags32((uint)SourceKinds.All);
        SourceAccess access = (SourceAccess)reader.Flags32((uint)SourceAccess.ReadWrite);
        RoleFlags flags = (RoleFlags)reader.Flags32((uint)RoleFlags.Optional);
        message = new RoleRequest(kinds, access, flags, reader.Name16());
        return reader.IsComplete && kinds != SourceKinds.None;
    }
}
