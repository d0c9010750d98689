using System.Text;

namespace ServiceHost.MountProtocol;

/// <summary>
/// The form of a filesystem type and of a role: 1 to 64 characters out of letters, digits, '.', '_', '+' and '-', not beginning
/// with '.' or '-'. It becomes a file name, a word of an option list and part of a message; in this form it is harmless in each.
/// </summary>
public static class ProtocolName
{
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= Limits.NameBytes && name[0] is not ('.' or '-') && name.All(IsNameCharacter);
    }

    internal static string? TryDecode(ReadOnlySpan<byte> bytes)
    {
        // Latin-1 maps each byte to one character, so a byte outside ASCII is refused and not replaced.
        string name = Encoding.Latin1.GetString(bytes);
        return IsValid(name) ? name : null;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-';
}
