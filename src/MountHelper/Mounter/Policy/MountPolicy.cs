using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// /etc/fuservice.conf: what root decided about the types, and what it allows beyond the rule that a server gets the caller's SOURCE
/// and nothing else. Without the file nothing more is allowed. A file that somebody else could have written, or that cannot be
/// understood, ends the mount: half a policy is none.
/// </summary>
public sealed class MountPolicy
{
    public const string Path = "/etc/fuservice.conf";

    /// <summary>The section whose values hold where a type's own section says nothing.</summary>
    internal const string EveryType = "*";

    private readonly IReadOnlyDictionary<string, PolicySection> _sections;

    private MountPolicy(IReadOnlyDictionary<string, PolicySection> sections) => _sections = sections;

    public static MountPolicy Load() => Load(CString.FromTerminated("/etc/fuservice.conf\0"u8));

    public static MountPolicy Load(CString path) =>
        new(RootsFile.Read(path, Path) is byte[] text ? PolicyReader.Read(text) : new Dictionary<string, PolicySection>());

    internal static MountPolicy Parse(ReadOnlySpan<byte> text) => new(PolicyReader.Read(text));

    public ServicePolicy For(ServiceType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        ServicePolicy policy = new();
        policy = _sections.TryGetValue(EveryType, out PolicySection? every) ? every.Over(policy) : policy;
        return _sections.TryGetValue(type.Name, out PolicySection? own) ? own.Over(policy) : policy;
    }
}
