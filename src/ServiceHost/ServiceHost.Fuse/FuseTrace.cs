using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// One line per message, for people:
/// <code>
/// rx 14 LOOKUP n1 u1000 g1000 p4711 13b "hello.txt"
/// tx 14 ENOENT
/// tx 16 ok 128b
/// tx 18 ok 0b, deferred
/// </code>
/// rx is a request: unique, operation, node, uid, gid, pid, bytes behind the header, and the bytes of names and of the first structures as
/// printable text. tx is the answer, "deferred" when it was not the worker's and may come much later; a request without tx takes none, or still
/// waits. Lines come from all workers at once. Without a trace the dispatcher pays one null check for each message.
/// </summary>
public sealed class FuseTrace(Action<string> sink)
{
    private const int ShownBytes = 48;

    internal void Request(OpcodeInfo? info, in FuseInHeader header, in RequestBytes bytes)
    {
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"rx {header.Unique} {info?.Name ?? $"OPCODE_{(uint)header.Opcode}"} n{header.NodeId}");
        line.Append(CultureInfo.InvariantCulture, $" u{(int)header.Uid} g{(int)header.Gid} p{header.Pid}");
        line.Append(CultureInfo.InvariantCulture, $" {bytes.Length - Unsafe.SizeOf<FuseInHeader>()}b");
        AppendNames(line, info, bytes);
        sink(line.ToString());
    }

    internal void Reply(in FuseInHeader header, ReadOnlySpan<byte> reply)
    {
        if (MemoryMarshal.TryRead(reply, out FuseOutHeader answer))
        {
            sink(Answer(header.Unique, new Errno(-answer.Error), reply.Length - Unsafe.SizeOf<FuseOutHeader>()));
        }
    }

    internal void Reply(in FuseInHeader header, Errno errno, int size) => sink(Answer(header.Unique, errno, size));

    internal void DeferredReply(RequestId unique, Errno errno, int size) => sink(Answer(unique, errno, size) + ", deferred");

    private static string Answer(RequestId unique, Errno errno, int size) =>
        errno.IsError ? $"tx {unique} {errno.Name}" : $"tx {unique} ok {size}b";

    private static void AppendNames(StringBuilder line, OpcodeInfo? info, in RequestBytes bytes)
    {
        if (info is null || info.FirstName == NameRule.None || !bytes.TryTake(info.FixedSize, out _, out ReadOnlySpan<byte> names))
        {
            return;
        }

        line.Append(" \"");
        foreach (byte value in names[..Math.Min(names.Length, ShownBytes)])
        {
            line.Append(value is >= 0x20 and < 0x7f ? (char)value : value == 0 ? '|' : '?');
        }

        line.Append('"');
    }
}
