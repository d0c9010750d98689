using System.Buffers;
using System.Text;

namespace ServiceHost.MountProtocol;

/// <summary>
/// Bytes that somebody else chose, as text that a terminal and a log can take: printable ASCII and letters stay, everything else
/// (control characters, bidirectional marks, bytes that are no UTF-8) is spelled out.
/// </summary>
public static class DisplayText
{
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length);
            if (status == OperationStatus.Done)
            {
                Append(text, rune);
            }
            else
            {
                foreach (byte b in bytes[..length])
                {
                    text.Append($"\\x{b:x2}");
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        bool plain = rune.IsAscii ? rune.Value is >= ' ' and < 0x7f : Rune.IsLetterOrDigit(rune);
        if (plain)
        {
            text.Append(rune.ToString());
        }
        else
        {
            text.Append($"\\u{{{rune.Value:x}}}");
        }
    }
}
