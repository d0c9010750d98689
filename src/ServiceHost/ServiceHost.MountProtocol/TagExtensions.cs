using System.Buffers.Binary;
using System.Text;

namespace ServiceHost.MountProtocol;

public static class TagExtensions
{
    /// <summary>The tag of a packet; false when it is shorter than one. The value may be none that this library knows.</summary>
    public static bool TryReadTag(this ReadOnlySpan<byte> packet, out Tag tag)
    {
        bool ok = BinaryPrimitives.TryReadUInt32BigEndian(packet, out uint value);
        tag = (Tag)value;
        return ok;
    }

    /// <summary>The four letters, or the number when a hostile peer chose bytes that are none.</summary>
    public static string ToWireText(this Tag tag)
    {
        Span<byte> letters = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(letters, (uint)tag);
        foreach (byte letter in letters)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                return $"0x{(uint)tag:x8}";
            }
        }

        return Encoding.ASCII.GetString(letters);
    }
}
