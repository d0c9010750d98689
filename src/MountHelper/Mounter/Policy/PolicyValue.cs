using System.Globalization;
using System.Text;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>The values of the policy's keys; null for text that is none.</summary>
internal static class PolicyValue
{
    public static ContainmentLevel? Level(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("full"u8) ? ContainmentLevel.Full : text.SequenceEqual("plain"u8) ? ContainmentLevel.Plain : null;

    public static bool? YesOrNo(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("yes"u8) ? true : text.SequenceEqual("no"u8) ? false : null;

    public static uint? Number(ReadOnlySpan<byte> text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;

    /// <summary>A number of bytes, or one with K, M, G or T behind it, each 1024 times the last.</summary>
    public static ulong? Bytes(ReadOnlySpan<byte> text)
    {
        int shift = text.IsEmpty ? 0 : "KMGT"u8.IndexOf(text[^1]) switch { < 0 => 0, int index => 10 * (index + 1) };
        bool valid = ulong.TryParse(shift == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number);
        return valid && number > 0 && number <= ulong.MaxValue >> shift ? number << shift : null;
    }

    /// <summary>"role ROLE PATH [ro|rw]" or "path PATH [ro|rw]"; read-only unless it says rw.</summary>
    public static PolicyEntry? Allowed(ReadOnlySpan<byte> text)
    {
        List<byte[]> words = Words(text);
        bool isRole = words.Count > 0 && Is(words[0], "role"u8);
        int path = isRole ? 2 : 1;
        if (words.Count <= path || words.Count > path + 2 || !(isRole || Is(words[0], "path"u8)))
        {
            return null;
        }

        string? role = isRole ? Encoding.Latin1.GetString(words[1]) : null;
        bool writable = words.Count == path + 2 && Is(words[path + 1], "rw"u8);
        bool valid = (role is null || (ProtocolName.IsValid(role) && role != RoleRequest.Source))
            && words[path][0] == '/' && words[path].Length < Limits.PathBytes && !words[path].Contains((byte)0)
            && (words.Count == path + 1 || writable || Is(words[path + 1], "ro"u8));
        return valid ? new PolicyEntry(role, words[path], writable) : null;
    }

    /// <summary>What a value of <paramref name="key"/> looks like, for the message.</summary>
    public static string Form(string key) => key switch
    {
        "require" => "write full or plain",
        "users" => "write yes or no",
        "memory_max" => "write a number of bytes, such as 536870912 or 512M",
        "allow" => "write \"role ROLE PATH [ro|rw]\" or \"path PATH [ro|rw]\"",
        _ => "write a number",
    };

    private static List<byte[]> Words(ReadOnlySpan<byte> text)
    {
        List<byte[]> words = [];
        while (!(text = text.TrimStart(" \t"u8)).IsEmpty)
        {
            int end = text.IndexOfAny(" \t"u8);
            words.Add((end < 0 ? text : text[..end]).ToArray());
            text = end < 0 ? default : text[end..];
        }

        return words;
    }

    private static bool Is(byte[] word, ReadOnlySpan<byte> expected) => expected.SequenceEqual(word);
}
