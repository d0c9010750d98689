using System.Text;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The lines of the policy: "allow TYPE role ROLE PATH [ro|rw]" and "allow TYPE path PATH [ro|rw]", blanks between the words, "#"
/// begins a comment, read-only unless it says rw. A path is bytes without blanks.
/// </summary>
internal static class PolicyReader
{
    public static List<PolicyEntry> Read(ReadOnlySpan<byte> text)
    {
        List<PolicyEntry> entries = [];
        int number = 0;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            number++;
            List<byte[]> words = Words(line);
            if (words.Count > 0)
            {
                entries.Add(Parse(words) ?? throw NotUnderstood(number));
            }
        }

        return entries;
    }

    private static List<byte[]> Words(ReadOnlySpan<byte> line)
    {
        int comment = line.IndexOf((byte)'#');
        line = comment < 0 ? line : line[..comment];
        List<byte[]> words = [];
        while (!(line = line.TrimStart(" \t\r"u8)).IsEmpty)
        {
            int end = line.IndexOfAny(" \t\r"u8);
            words.Add((end < 0 ? line : line[..end]).ToArray());
            line = end < 0 ? default : line[end..];
        }

        return words;
    }

    private static PolicyEntry? Parse(List<byte[]> words)
    {
        bool isRole = words.Count > 2 && Is(words[2], "role"u8);
        int path = isRole ? 4 : 3;
        if (words.Count <= path || words.Count > path + 2 || !Is(words[0], "allow"u8) || !(isRole || Is(words[2], "path"u8)))
        {
            return null;
        }

        string type = Encoding.Latin1.GetString(words[1]);
        string? role = isRole ? Encoding.Latin1.GetString(words[3]) : null;
        bool writable = words.Count == path + 2 && Is(words[path + 1], "rw"u8);
        bool valid = ProtocolName.IsValid(type)
            && (role is null || (ProtocolName.IsValid(role) && role != RoleRequest.Source))
            && words[path][0] == '/'
            && (words.Count == path + 1 || writable || Is(words[path + 1], "ro"u8));
        return valid ? new PolicyEntry(type, role, words[path], writable) : null;
    }

    private static bool Is(byte[] word, ReadOnlySpan<byte> expected) => expected.SequenceEqual(word);

    private static MountFailedException NotUnderstood(int line) => new(new MountFailure(
        $"line {line} of the policy {MountPolicy.Path} is not understood")
    {
        Rule = Rule.PolicyIsRoots,
        Advice = "write \"allow TYPE role ROLE PATH [ro|rw]\" or \"allow TYPE path PATH [ro|rw]\"",
    });
}
