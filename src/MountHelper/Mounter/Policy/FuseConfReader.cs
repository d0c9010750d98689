using System.Globalization;
using System.Text;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Reads /etc/fuse.conf as fusermount3 does, to the letter: "user_allow_other" alone on its line, "mount_max = N" with any blanks around
/// the sign and anything behind the number, "#" begins a comment, the last of several values holds. A line that is too long, has no end
/// or means nothing has no effect.
/// </summary>
internal static class FuseConfReader
{
    // fusermount3's buffer, without the NUL it needs.
    private const int MaxLine = 255;

    public static FuseConf Read(ReadOnlySpan<byte> text)
    {
        FuseConf conf = new();
        List<string> complaints = [];
        for (int number = 1; !text.IsEmpty; number++)
        {
            int end = text.IndexOf((byte)'\n');
            string? complaint = end < 0 ? "has no newline at its end"
                : end >= MaxLine ? "is too long"
                : ReadLine(text[..end], ref conf);
            if (complaint is not null)
            {
                complaints.Add($"line {number} of {FuseConf.Path} {complaint}");
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return conf with { Complaints = complaints };
    }

    private static string? ReadLine(ReadOnlySpan<byte> line, ref FuseConf conf)
    {
        int end = line.IndexOfAny((byte)'#', (byte)0);
        string words = Encoding.Latin1.GetString(end < 0 ? line : line[..end]).Trim(' ', '\t', '\r', '\v', '\f');
        if (words == "user_allow_other")
        {
            conf = conf with { UserAllowOther = true };
            return null;
        }

        if (!TryMountMax(words, out long? max))
        {
            return words.Length == 0 ? null : $"is unknown: {DisplayText.FromBytes(line)}";
        }

        if (max is null or < -1 or > int.MaxValue)
        {
            return "has no number of mounts";
        }

        conf = conf with { MountMax = max == -1 ? null : (int)max };
        return null;
    }

    /// <summary>scanf's "mount_max = %i": decimal, octal with a leading 0, hexadecimal with 0x. The number is null when it is beyond 64 bits.</summary>
    private static bool TryMountMax(string words, out long? max)
    {
        max = null;
        if (!words.StartsWith("mount_max", StringComparison.Ordinal))
        {
            return false;
        }

        string rest = words["mount_max".Length..].TrimStart(' ', '\t');
        if (!rest.StartsWith('='))
        {
            return false;
        }

        rest = rest[1..].TrimStart(' ', '\t');
        bool negative = rest.StartsWith('-');
        rest = negative || rest.StartsWith('+') ? rest[1..] : rest;
        (int radix, int skip) = rest.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && rest.Length > 2 && char.IsAsciiHexDigit(rest[2])
            ? (16, 2)
            : (rest.StartsWith('0') ? 8 : 10, 0);
        string digits = new([.. rest.Skip(skip).TakeWhile(c => IsDigit(c, radix))]);
        max = Value(digits, radix) is long value ? (negative ? -value : value) : null;
        return digits.Length > 0;
    }

    private static bool IsDigit(char c, int radix) => radix switch
    {
        16 => char.IsAsciiHexDigit(c),
        8 => c is >= '0' and <= '7',
        _ => char.IsAsciiDigit(c),
    };

    private static long? Value(string digits, int radix)
    {
        long value = 0;
        foreach (char digit in digits)
        {
            value = (value * radix) + int.Parse(digit.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (value > uint.MaxValue)
            {
                return null;
            }
        }

        return value;
    }
}
