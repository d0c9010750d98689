using ServiceHost.Linux;

namespace ServiceHost.MountProtocol.Tests;

/// <summary>
/// One valid packet of a message: its bytes, how the library writes it, and how it reads it (null when it refuses; otherwise the
/// bytes it would write for what it read, so that equality proves that no field was lost).
/// </summary>
internal sealed record PacketCase(string Name, byte[] Packet, Func<byte[]> Encode, Func<byte[], byte[]?> DecodeAndEncode)
{
    public static IReadOnlyList<PacketCase> All { get; } = [.. Own(), .. V1()];

    public static TheoryData<string> Names => [.. All.Select(static packet => packet.Name)];

    public static PacketCase Find(string name) => All.Single(packet => packet.Name == name);

    private static IEnumerable<PacketCase> Own()
    {
        yield return new PacketCase(
            "HELO",
            Hex.Bytes("'HELO' 0001 0001 00000007 00007530 000003E7 00000002 00000008 0000000A 0000000B 0000000C 0000000D 0000000E 000B 'passthrough'"),
            () => new Hello(1, 1, (HelloFeatures)7, 30_000, 999, 2, "passthrough") { Namespaces = new NamespaceIds(10, 11, 12, 13, 14), PossibleCpus = 8 }.Encode(),
            bytes => Hello.TryDecode(bytes, out Hello m) ? m.Encode() : null);
        yield return new PacketCase(
            "OLEH",
            Hex.Bytes("'OLEH' 0001 0000 00000005"),
            () => new HelloReply(1, HelloFeatures.AllowOther | HelloFeatures.CallerRoot).Encode(),
            bytes => HelloReply.TryDecode(bytes, out HelloReply m) ? m.Encode() : null);
        yield return new PacketCase(
            "ATST",
            Hex.Bytes("'ATST' 00000001 0005 'empty'"),
            () => new Attested(ContainmentLevel.Plain, "empty").Encode(),
            bytes => Attested.TryDecode(bytes, out Attested m) ? m.Encode() : null);
        yield return new PacketCase(
            "ARGV",
            Hex.Bytes("'ARGV' 000003E8 000003E9 00000005 00000123 0002 0000 00000064 FFFFFFFE"),
            () => new CallerArguments(1000, 1001, ArgumentFlags.ReadOnly | ArgumentFlags.Suid, 0x123, [100, 0xFFFF_FFFE]).Encode(),
            bytes => CallerArguments.TryDecode(bytes, out CallerArguments m) ? m.Encode() : null);
        yield return new PacketCase(
            "ROLE",
            Hex.Bytes("'ROLE' 00000001 00000001 00000001 0006 'source'"),
            () => new RoleRequest(SourceKinds.Directory, SourceAccess.ReadWrite, RoleFlags.Optional, "source").Encode(),
            bytes => RoleRequest.TryDecode(bytes, out RoleRequest m) ? m.Encode() : null);
        yield return new PacketCase(
            "ROLE for a loop device",
            Hex.Bytes("'ROLE' 00000006 00000000 00000002 0006 'source' 0000000000100000 0000000000000200"),
            () => new RoleRequest(SourceKinds.RegularFile | SourceKinds.BlockDevice, SourceAccess.Read, RoleFlags.Loop, "source")
            {
                Part = new LoopPart(0x10_0000, 0x200),
            }.Encode(),
            bytes => RoleRequest.TryDecode(bytes, out RoleRequest m) ? m.Encode() : null);
        yield return new PacketCase(
            "GRNT",
            Hex.Bytes(
                "'GRNT' 00000000 00000001 00000001 0000010B 8000000000000001 8000000000000002 00000000 00000005 000000000000004B"
                + "0001 0002 00000007 00000000 70000000 00010000 000186A0 70010000 00000001 0000"),
            () => SampleGrant.Encode(),
            bytes => Grant.TryDecode(bytes, out Grant m) ? m.Encode() : null);
        yield return new PacketCase(
            "GRNT with an error",
            Hex.Bytes(
                "'GRNT' 00000002 00000000 00000000 00000000 0000000000000000 0000000000000000 00000000 00000000 0000000000000000"
                + "0000 0000 0004 'gone'"),
            () => new Grant { Error = Errno.ENOENT, Reason = "gone" }.Encode(),
            bytes => Grant.TryDecode(bytes, out Grant m) ? m.Encode() : null);
        yield return new PacketCase(
            "MNTR",
            Hex.Bytes("'MNTR' 00000002 00004000 00020000 00000200 00000008"),
            () => new MountRequest(MountRequestFlags.DefaultPermissions, MountRequest.DirectoryRoot, 131_072, 512, 8).Encode(),
            bytes => MountRequest.TryDecode(bytes, out MountRequest m) ? m.Encode() : null);
        yield return new PacketCase(
            "MNTD",
            Hex.Bytes("'MNTD' 00000000 00000008 0000000100000002 0000002A 00000000 0000"),
            () => new MountReply(Errno.None, 8, 0x1_0000_0002, 42, string.Empty).Encode(),
            bytes => MountReply.TryDecode(bytes, out MountReply m) ? m.Encode() : null);
        yield return new PacketCase(
            "NOTE",
            Hex.Bytes("'NOTE' 00000001 000A 'half a tip'"),
            () => new Note(NoteLevel.Warning, "half a tip").Encode(),
            bytes => Note.TryDecode(bytes, out Note m) ? m.Encode() : null);
        yield return new PacketCase(
            "GBYE",
            Hex.Bytes("'GBYE' 00000001 0007 'no such'"),
            () => new Goodbye(1, "no such").Encode(),
            bytes => Goodbye.TryDecode(bytes, out Goodbye m) ? m.Encode() : null);
        yield return new PacketCase(
            "DONE",
            Hex.Bytes("'DONE' 00000010 0004 'busy'"),
            () => new Done(Errno.EBUSY, "busy").Encode(),
            bytes => Done.TryDecode(bytes, out Done m) ? m.Encode() : null);
    }

    private static IEnumerable<PacketCase> V1()
    {
        yield return new PacketCase(
            "SAFT",
            Hex.Bytes("'SAFT' 0001 0001 00000003"),
            () => new V1Hello(1, 1, V1HelloFlags.AllowOther | V1HelloFlags.Fuseblk).Encode(),
            bytes => V1Hello.TryDecode(bytes, out V1Hello m) ? m.Encode() : null);
        yield return new PacketCase(
            "LAST",
            Hex.Bytes("'LAST' 0001 0000"),
            () => new V1HelloReply(1).Encode(),
            bytes => V1HelloReply.TryDecode(bytes, out V1HelloReply m) ? m.Encode() : null);
        yield return new PacketCase(
            "FILE",
            Hex.Bytes("'FILE' 00000000 'fusedev' 00"),
            () => new V1File(Errno.None, V1File.FuseDevice.ToArray()).Encode(),
            bytes => V1File.TryDecode(bytes, out V1File m) ? m.Encode() : null);
        yield return new PacketCase(
            "FILE with an error",
            Hex.Bytes("'FILE' 0000000D '/root/x' 00"),
            () => new V1File(Errno.EACCES, "/root/x"u8.ToArray()).Encode(),
            bytes => V1File.TryDecode(bytes, out V1File m) ? m.Encode() : null);
        yield return new PacketCase(
            "OPEN",
            Hex.Bytes("'OPEN' 00010000 00000000 00000001 00000000 '/srv/tree' 00"),
            () => new V1OpenCommand(false, 0x1_0000, 0, V1OpenFlags.Quiet, 0, "/srv/tree"u8.ToArray()).Encode(),
            bytes => V1OpenCommand.TryDecode(bytes, out V1OpenCommand m) && !m.BlockDevice ? m.Encode() : null);
        yield return new PacketCase(
            "BDEV",
            Hex.Bytes("'BDEV' 00000002 000001A4 00000000 00001000 '/dev/vda' 00"),
            () => new V1OpenCommand(true, 2, 0x1A4, V1OpenFlags.None, 4096, "/dev/vda"u8.ToArray()).Encode(),
            bytes => V1OpenCommand.TryDecode(bytes, out V1OpenCommand m) && m.BlockDevice ? m.Encode() : null);
        yield return new PacketCase(
            "TYPE",
            Hex.Bytes("'TYPE' 00000001"),
            () => new V1FsopenCommand(V1FsopenFlags.Fuseblk).Encode(),
            bytes => V1FsopenCommand.TryDecode(bytes, out V1FsopenCommand m) ? m.Encode() : null);
        yield return new PacketCase(
            "NAME",
            Hex.Bytes("'NAME' '/srv/tree' 00"),
            () => new V1StringCommand(Tag.V1Source, "/srv/tree"u8.ToArray()).Encode(),
            bytes => V1StringCommand.TryDecode(bytes, out V1StringCommand m) && m.Tag == Tag.V1Source ? m.Encode() : null);
        yield return new PacketCase(
            "MNTP",
            Hex.Bytes("'MNTP' 4000 0000 '/mnt' 00"),
            () => new V1MountpointCommand(V1MountpointCommand.Directory, "/mnt"u8.ToArray()).Encode(),
            bytes => V1MountpointCommand.TryDecode(bytes, out V1MountpointCommand m) ? m.Encode() : null);
        yield return new PacketCase(
            "OPTS",
            Hex.Bytes("'OPTS' 'allow_other,default_permissions' 00"),
            () => new V1StringCommand(Tag.V1Options, "allow_other,default_permissions"u8.ToArray()).Encode(),
            bytes => V1StringCommand.TryDecode(bytes, out V1StringCommand m) && m.Tag == Tag.V1Options ? m.Encode() : null);
        yield return new PacketCase(
            "MTAB",
            Hex.Bytes("'MTAB' '-n' 00"),
            () => new V1StringCommand(Tag.V1MtabOptions, "-n"u8.ToArray()).Encode(),
            bytes => V1StringCommand.TryDecode(bytes, out V1StringCommand m) && m.Tag == Tag.V1MtabOptions ? m.Encode() : null);
        yield return new PacketCase(
            "DOIT",
            Hex.Bytes("'DOIT' 00000007"),
            () => new V1MountCommand(7).Encode(),
            bytes => V1MountCommand.TryDecode(bytes, out V1MountCommand m) ? m.Encode() : null);
        yield return new PacketCase(
            "REPL",
            Hex.Bytes("'REPL' 00000016"),
            () => new V1Reply(Errno.EINVAL).Encode(),
            bytes => V1Reply.TryDecode(bytes, out V1Reply m) ? m.Encode() : null);
        yield return new PacketCase(
            "BYEE",
            Hex.Bytes("'BYEE' 00000001"),
            () => new V1Goodbye(1).Encode(),
            bytes => V1Goodbye.TryDecode(bytes, out V1Goodbye m) ? m.Encode() : null);
    }

    private static Grant SampleGrant => new()
    {
        Kind = SourceKinds.Directory,
        Access = SourceAccess.ReadWrite,
        Flags = GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.UserNamespace | GrantFlags.Idmapped,
        RwMountId = 0x8000_0000_0000_0001,
        RoMountId = 0x8000_0000_0000_0002,
        Gid = 5,
        Capabilities = 0x4B,
        Groups = [7],
        Extents = [new IdExtent(0, 0x7000_0000, 0x1_0000), new IdExtent(100_000, 0x7001_0000, 1)],
    };
}
