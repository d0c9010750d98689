using System.Buffers.Binary;
using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// Every packet between a server and its keeper: a tag and three numbers, of which those that a message has no use for are 0. One size for all,
/// so that both ends work on a buffer of their own and allocate nothing.
/// </summary>
/// <param name="Value">HELO's and OLEH's version, RELS' and the answer's id.</param>
/// <param name="Refusal">Why an answer is an error.</param>
/// <param name="Extra">OLEH: the quota; an answer: the errno.</param>
public readonly record struct KeeperMessage(Tag Tag, uint Value = 0, KeeperRefusal Refusal = KeeperRefusal.None, uint Extra = 0)
{
    public const int Size = 4 * sizeof(uint);

    private const uint MaxErrno = 4095;

    /// <summary>HELO, server to keeper: the first packet.</summary>
    public static KeeperMessage Hello => new(Tag.Hello, ProtocolVersion.Keeper);

    /// <summary>REGI, with the descriptor of the file.</summary>
    public static KeeperMessage Register => new(Tag.KeeperRegister);

    /// <summary>GBYE: nothing more will be asked for. The keeper's end is the answer.</summary>
    public static KeeperMessage Goodbye => new(Tag.Goodbye);

    public Errno Errno => new((int)Extra);

    public static KeeperMessage HelloReply(uint quota) => new(Tag.HelloReply, ProtocolVersion.Keeper, Extra: quota);

    /// <summary>RELS: the id is not needed any more.</summary>
    public static KeeperMessage Release(int backingId) => new(Tag.KeeperRelease, (uint)backingId);

    /// <summary>ANSW: to REGI with the new id, to RELS with the one that was released.</summary>
    public static KeeperMessage Answer(int backingId) => new(Tag.KeeperAnswer, (uint)backingId);

    public static KeeperMessage Refuse(KeeperRefusal refusal, Errno errno) => new(Tag.KeeperAnswer, 0, refusal, (uint)errno.Number);

    public void Encode(Span<byte> packet)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)Tag);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Value);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], (uint)Refusal);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], Extra);
    }

    /// <summary>False for what is no message of this protocol. Which of them may come now, and from whom, is the reader's matter.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> packet, out KeeperMessage message)
    {
        message = default;
        if (packet.Length != Size)
        {
            return false;
        }

        message = new KeeperMessage(
            (Tag)BinaryPrimitives.ReadUInt32BigEndian(packet),
            BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            (KeeperRefusal)BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[12..]));
        return message.Tag switch
        {
            Tag.Hello => message == Hello,
            Tag.HelloReply => message == HelloReply(message.Extra),
            Tag.KeeperRegister => message == Register,
            Tag.KeeperRelease => message.Value is > 0 and <= int.MaxValue && message == Release((int)message.Value),
            Tag.Goodbye => message == Goodbye,
            Tag.KeeperAnswer => message.IsAnswer,
            _ => false,
        };
    }

    private bool IsAnswer => Extra == 0
        ? Value is > 0 and <= int.MaxValue && Refusal == KeeperRefusal.None
        : Value == 0 && Refusal is > KeeperRefusal.None and <= KeeperRefusal.UnknownId && Extra <= MaxErrno;
}
