using System.Runtime.InteropServices;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>Builds requests as the kernel does.</summary>
internal static class Packet
{
    public const ulong Unique = 0x1122;
    public const ulong Node = 0x33;

    public static byte[] Request(FuseOpcode opcode, ReadOnlySpan<byte> body, int extensionSize = 0, ulong unique = Unique)
    {
        FuseInHeader header = new()
        {
            Len = (uint)(40 + body.Length),
            Opcode = opcode,
            Unique = new RequestId(unique),
            NodeId = new NodeId(Node),
            Uid = 1000,
            Gid = 1001,
            Pid = 4711,
            TotalExtLen = (ushort)(extensionSize / 8),
        };
        return [.. Bytes(header), .. body];
    }

    public static byte[] Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    public static byte[] Init(ulong flags, uint minor = 45, uint major = 7) => Request(
        FuseOpcode.Init,
        Bytes(new FuseInitIn
        {
            Major = major,
            Minor = minor,
            MaxReadahead = 131072,
            Flags = (uint)flags,
            Flags2 = (uint)(flags >> 32),
        }));
}
