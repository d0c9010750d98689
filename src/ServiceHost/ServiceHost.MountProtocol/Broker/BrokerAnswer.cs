using System.Text;

namespace ServiceHost.MountProtocol;

/// <summary>BRKA, broker to caller: the end. The exit code of the caller's program, and the line it prints; no line when all went well.</summary>
public readonly record struct BrokerAnswer(uint ExitCode, string Text)
{
    public byte[] Encode()
    {
        byte[] text = Encoding.UTF8.GetBytes(Text.Replace('\0', ' '));
        PacketWriter writer = new(Tag.BrokerAnswer);
        writer.U32(ExitCode);
        writer.Str16(text.AsSpan(0, Math.Min(text.Length, Limits.BrokerAnswerBytes)));
        return writer.ToPacket();
    }

    public static bool TryDecode(ReadOnlySpan<byte> packet, out BrokerAnswer message)
    {
        PacketReader reader = new(packet, Tag.BrokerAnswer);
        message = new BrokerAnswer(reader.U32(), DisplayText.FromBytes(reader.Str16(Limits.BrokerAnswerBytes)));
        return reader.IsComplete && message.ExitCode <= byte.MaxValue;
    }
}
