using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ServiceHost.Fuse;

/// <summary>
/// One line per message, for people:
/// <code>
/// rx 14 LOOKUP n1 u1000 g1000 p4711 13b "hello.txt"
/// tx 14 ENOENT
/// tx 16 ok 128b
/// </code>
/// rx is a request: unique, operation, node, uid, gid, pid, bytes behind the header, and the bytes of names and of the first structures as
/// printable text. tx is the worker's answer; a request without tx was deferred or takes none. Without a trace the dispatcher pays one
/// null check for each message.
/// </summary>
public sealed class FuseTrace(Action<string> sink)
{
    private const int ShownBytes = 48;

    internal void Request(OpcodeInfo? info, in FuseInHeader header, ReadOnlySpan<byte> request)
    {
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"rx {header.Unique} {info?.Name ?? $"OPCODE_{(uint)header.Opcode}"} n{header.NodeId}");
        line.Append(CultureInfo.InvariantCulture, $" u{(int)header.Uid} g{(int)header.Gid} p{header.Pid}");
        ReadOnlySpan<byte> rest = request[Unsafe.SizeOf<FuseInHeader>()..];
        line.Append(CultureInfo.InvariantCulture, $" {rest.Length}b");
        AppendNames(line, info, rest);
        sink(line.ToString());
    }

    internal void Reply(in FuseInHeader header, ReadOnlySpan<byte> reply)
    {
        if (MemoryMarshal.TryRead(reply, out FuseOutHeader answer))
        {
            Linux.Errno errno = new(-answer.Error);
            int size = reply.Length - Unsafe.SizeOf<FuseOutHeader>();
            sink(errno.IsError ? $"tx {header.Unique} {errno.Name}" : $"tx {header.Unique} ok {size}b");
        }
    }

    private static void AppendNames(StringBuilder line, OpcodeInfo? info, ReadOnlySpan<byte> rest)
    {
        if (info is null || info.FirstName == NameRule.None || rest.Length < info.FixedSize)
        {
            return;
        }

        line.Append(" \"");
        foreach (byte value in rest[info.FixedSize..Math.Min(rest.Length, info.FixedSize + ShownBytes)])
        {
            line.Append(value is >= 0x20 and < 0x7f ? (char)value : value == 0 ? '|' : '?');
        }

        line.Append('"');
    }
}
