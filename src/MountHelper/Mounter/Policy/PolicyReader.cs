using System.Text;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The lines of the policy: "[TYPE]" or "[*]" begins a section, "key=value" stands in one, "#" begins a comment, blanks around words do
/// not count. A path is bytes without blanks. The first line that means nothing ends the reading, by its number.
/// </summary>
internal sealed class PolicyReader
{
    private readonly Dictionary<string, PolicySection> _sections = [];
    private readonly HashSet<string> _keys = [];
    private PolicySection? _section;
    private bool _everyType;
    private int _line;

    private PolicyReader()
    {
    }

    public static Dictionary<string, PolicySection> Read(ReadOnlySpan<byte> text)
    {
        PolicyReader reader = new();
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            reader.ReadLine(end < 0 ? text : text[..end]);
            text = end < 0 ? default : text[(end + 1)..];
        }

        return reader._sections;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        _line++;
        int comment = line.IndexOf((byte)'#');
        line = Trim(comment < 0 ? line : line[..comment]);
        if (line.IsEmpty)
        {
            return;
        }

        if (line[0] == '[')
        {
            BeginSection(line);
            return;
        }

        int equals = line.IndexOf((byte)'=');
        ThrowIf(equals < 1, $"\"{DisplayText.FromBytes(line)}\" is neither [TYPE] nor key=value");
        ThrowIf(_section is null, "a value stands in front of the first section", "write [*] above what holds for every type");
        TakeValue(Encoding.Latin1.GetString(Trim(line[..equals])), Trim(line[(equals + 1)..]));
    }

    private void BeginSection(ReadOnlySpan<byte> line)
    {
        string name = line[^1] == ']' ? Encoding.Latin1.GetString(Trim(line[1..^1])) : "";
        _everyType = name == MountPolicy.EveryType;
        ThrowIf(!_everyType && !ProtocolName.IsValid(name), $"\"{DisplayText.FromBytes(line)}\" names no type",
            "write [ext4] for fuse.ext4, or [*] for every type");
        _section = new PolicySection();
        _keys.Clear();
        ThrowIf(!_sections.TryAdd(name, _section), $"[{name}] stands there twice");
    }

    private void TakeValue(string key, ReadOnlySpan<byte> value)
    {
        ThrowIf(key != "allow" && !_keys.Add(key), $"\"{Shown(key)}\" stands twice in its section");
        bool understood = key switch
        {
            "require" => (_section!.Require = PolicyValue.Level(value)) is not null,
            "users" => (_section!.Users = PolicyValue.YesOrNo(value)) is not null,
            "mount_max" => (_section!.MountMax = PolicyValue.Number(value)) is not null,
            "memory_max" => (_section!.MemoryMax = PolicyValue.Bytes(value)) is not null,
            "tasks_max" => (_section!.TasksMax = PolicyValue.Number(value)) is > 0,
            "allow" => TakeAllowed(PolicyValue.Allowed(value)),
            _ => throw NotUnderstood($"\"{Shown(key)}\" is no key",
                "the keys are require, users, mount_max, memory_max, tasks_max and allow"),
        };
        ThrowIf(!understood, $"\"{DisplayText.FromBytes(value)}\" is no value of {key}", PolicyValue.Form(key));
    }

    /// <summary>What a server may have is named per type: a role means something to one kind of server only.</summary>
    private bool TakeAllowed(PolicyEntry? entry)
    {
        ThrowIf(_everyType, "allow stands under [*]", "write it into the section of the type it is for");
        _section!.Allowed.AddRange(entry is null ? [] : [entry]);
        return entry is not null;
    }

    private void ThrowIf(bool finding, string problem, string? advice = null)
    {
        if (Rule.PolicyIsRoots.IsBrokenBy(finding))
        {
            throw NotUnderstood(problem, advice);
        }
    }

    private MountFailedException NotUnderstood(string problem, string? advice) =>
        new(new MountFailure($"line {_line} of {MountPolicy.Path}: {problem}") { Rule = Rule.PolicyIsRoots, Advice = advice });

    private static string Shown(string latin1) => DisplayText.FromBytes(Encoding.Latin1.GetBytes(latin1));

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r"u8);
}
