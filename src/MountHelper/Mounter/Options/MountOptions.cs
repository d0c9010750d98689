using MountHelper.Grants;

namespace MountHelper;

/// <summary>What the words after -o mean, sorted by whose business they are. Made by <see cref="MountOptionSplitter"/> alone.</summary>
public sealed class MountOptions
{
    /// <summary>nosuid,nodev unless the administrator writes otherwise: an image invents its own setuid files and device nodes.</summary>
    public const VfsFlags DefaultFlags = VfsFlags.NoSuid | VfsFlags.NoDev;

    public VfsFlags Flags { get; internal set; } = DefaultFlags;

    /// <summary>The flags that a word spoke about, whatever it said.</summary>
    public VfsFlags MentionedFlags { get; internal set; }

    public bool Remount { get; internal set; }

    /// <summary>null: what the kind of caller gets by default.</summary>
    public bool? AllowOther { get; internal set; }

    /// <summary>Asked for; root's mounts have it anyway.</summary>
    public bool DefaultPermissions { get; internal set; }

    /// <summary>What mountinfo shows as the source, when it shall not be SOURCE.</summary>
    public byte[]? FsName { get; internal set; }

    public byte[]? Subtype { get; internal set; }

    public TimeSpan Timeout { get; internal set; } = TimeSpan.FromSeconds(OptionLimits.DefaultTimeoutSeconds);

    /// <summary>How many files the server may have registered with a keeper; 0 leaves it to the keeper.</summary>
    public uint PassthroughFiles { get; internal set; }

    /// <summary>Whether the mount's dirty pages have a limit of their own, as the kernel gives it to every FUSE mount.</summary>
    public bool WritebackThrottle { get; internal set; } = true;

    /// <summary>Whether the server's own words leave room for passthrough; what else they say of it is its business.</summary>
    public bool MayPassThrough => ServerWords.LastOrDefault(static word => word.IsName("passthrough"))?.Value.AsSpan().SequenceEqual("never"u8) is not true;

    /// <summary>journal_path=, the one word of a server whose path is opened for it; null when it was not given.</summary>
    public byte[]? JournalPath => ServerWords.LastOrDefault(static word => word.IsName("journal_path") && word.Value.Length > 0)?.Value;

    public bool IdMapOff { get; internal set; }

    public IReadOnlyList<IdSpan> IdSpans { get; internal set; } = [];

    public ServiceProtocol Protocol { get; internal set; }

    /// <summary>Words for the kernel's security modules, "name=value".</summary>
    public IReadOnlyList<OptionWord> SecurityWords { get; internal set; } = [];

    /// <summary>The rest, in the order it was written: the server knows or refuses it.</summary>
    public IReadOnlyList<OptionWord> ServerWords { get; internal set; } = [];

    public IReadOnlyList<OptionWord> IgnoredWords { get; internal set; } = [];

    /// <summary>The options that name the state of an existing mount (fd=, user_id= ...): mount(8) repeats them on remount.</summary>
    public IReadOnlyList<OptionWord> StateWords { get; internal set; } = [];

    /// <summary>Every word that is neither a flag nor passed over: what distinguishes this mount from another of the same source.</summary>
    public IReadOnlyList<OptionWord> LastingWords { get; internal set; } = [];

    public bool ReadOnly => Flags.HasFlag(VfsFlags.ReadOnly);
}
