using System.Globalization;
using MountHelper.Grants;

namespace MountHelper;

/// <summary>
/// Decides for every word after -o whose business it is: the kernel's (mount flags), the Mounter's, nobody's
/// (<see cref="ConventionWords"/>) or the server's. A word of the Mounter's that makes no sense is refused by name.
/// </summary>
public sealed class MountOptionSplitter
{
    private readonly MountOptions _options = new();
    private readonly List<IdSpan> _spans = [];
    private readonly List<OptionWord> _security = [];
    private readonly List<OptionWord> _server = [];
    private readonly List<OptionWord> _ignored = [];
    private readonly List<OptionWord> _state = [];
    private readonly List<OptionWord> _lasting = [];

    private MountOptionSplitter()
    {
    }

    public static MountOptions Split(IEnumerable<byte[]> lists)
    {
        MountOptionSplitter splitter = new();
        foreach (OptionWord word in OptionReader.Read(lists))
        {
            splitter.Take(word);
        }

        return splitter.Finish();
    }

    private void Take(OptionWord word)
    {
        VfsFlags flags = _options.Flags;
        VfsFlags mentioned = _options.MentionedFlags;
        if (VfsFlagWords.TryApply(word, ref flags, ref mentioned))
        {
            _options.Flags = flags;
            _options.MentionedFlags = mentioned;
        }
        else if (ConventionWords.Contains(word))
        {
            _ignored.Add(word);
        }
        else
        {
            TakeLasting(word);
        }
    }

    private void TakeLasting(OptionWord word)
    {
        if (!TakeOwn(word) && !TakeKernel(word))
        {
            _server.Add(word);
        }

        if (!word.IsName("remount"))
        {
            _lasting.Add(word);
        }
    }

    private bool TakeOwn(OptionWord word)
    {
        switch (word.Name)
        {
            case "remount":
                _options.Remount = Bare(word);
                return true;
            case "allow_other":
                _options.AllowOther = Bare(word);
                return true;
            case "noallow_other":
                _options.AllowOther = !Bare(word);
                return true;
            case "default_permissions":
                _options.DefaultPermissions = Bare(word);
                return true;
            case "fsname" or "source":
                _options.FsName = Value(word);
                return true;
            case "subtype":
                _options.Subtype = Value(word);
                return true;
            case "mount_timeout":
                _options.Timeout = Timeout(word);
                return true;
            case "passthrough_files":
                _options.PassthroughFiles = Files(word);
                return true;
            case "writeback_throttle":
                _options.WritebackThrottle = IsOn(word);
                return true;
            case "idmap":
                TakeIdMap(word);
                return true;
            case "protocol":
                _options.Protocol = Protocol(word);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Words that speak to the kernel past both of us: some are state that only remount may repeat, some are never ours.</summary>
    private bool TakeKernel(OptionWord word)
    {
        switch (word.Name)
        {
            case "context" or "fscontext" or "defcontext" or "rootcontext" or "seclabel":
                ThrowIf(Rule.OptionsAreUnderstood, word.Text.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) >= 0,
                    $"the option \"{word.Display}\" is no security label");
                _security.Add(word);
                return true;
            case "fd" or "rootmode" or "user_id" or "group_id":
                _state.Add(word);
                return true;
            case "bind" or "rbind" or "move" or "beneath" or "shared" or "rshared" or "private" or "rprivate" or "slave" or "rslave"
                or "unbindable" or "runbindable":
                ThrowIf(Rule.OptionsMakeOneMount, !word.HasValue,
                    $"the option \"{word.Display}\" changes mounts that exist", "use mount(8) on the mounted filesystem");
                return false;
            case "allow_root":
                ThrowIf(Rule.OptionsAreUnderstood, true, "the option \"allow_root\" is not supported", "use allow_other");
                return true;
            default:
                return false;
        }
    }

    private void TakeIdMap(OptionWord word)
    {
        byte[] value = Value(word);
        if (value.AsSpan().SequenceEqual("off"u8))
        {
            _options.IdMapOff = true;
            return;
        }

        bool valid = IdMapOption.TryParse(value, out IdSpan span);
        ThrowIf(Rule.OptionsAreUnderstood, !valid, $"\"{word.Display}\" is no range of ids",
            $"write idmap=off or idmap=LO-HI with {IdMap.BaseCount} <= LO <= HI (ids below are always mapped)");
        ThrowIf(Rule.OptionsAreUnderstood, _spans.Exists(other => IdMapOption.Overlap(span, other)), $"\"{word.Display}\" names ids that another idmap= has named");
        ThrowIf(Rule.OptionsAreBounded, _spans.Count == OptionLimits.MaxIdMapExtents,
            $"there are more than {OptionLimits.MaxIdMapExtents} idmap= options");
        _spans.Add(span);
    }

    private MountOptions Finish()
    {
        ThrowIf(Rule.OptionsAreUnderstood, _options.IdMapOff && _spans.Count > 0, "idmap=off and idmap=LO-HI exclude each other");
        ThrowIf(Rule.CallerGivesNoKernelState, !_options.Remount && _state.Count > 0,
            $"the option \"{(_state.Count > 0 ? _state[0].Display : "")}\" is the kernel's own and cannot be given");
        _options.IdSpans = _spans;
        _options.SecurityWords = _security;
        _options.ServerWords = _server;
        _options.IgnoredWords = _ignored;
        _options.StateWords = _state;
        _options.LastingWords = _lasting;
        return _options;
    }

    private static ServiceProtocol Protocol(OptionWord word)
    {
        ReadOnlySpan<byte> value = Value(word);
        bool own = value.SequenceEqual("own"u8);
        bool v1 = value.SequenceEqual("v1"u8);
        ThrowIf(Rule.OptionsAreUnderstood, !own && !v1 && !value.SequenceEqual("auto"u8),
            $"\"{word.Display}\" names no protocol", "write protocol=auto, protocol=own or protocol=v1");
        return own ? ServiceProtocol.Own : v1 ? ServiceProtocol.V1 : ServiceProtocol.Auto;
    }

    private static TimeSpan Timeout(OptionWord word)
    {
        bool valid = int.TryParse(Value(word), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds is >= 1 and <= OptionLimits.MaxTimeoutSeconds;
        ThrowIf(Rule.OptionsAreUnderstood, !valid, $"\"{word.Display}\" is no number of seconds",
            $"write mount_timeout=1 to mount_timeout={OptionLimits.MaxTimeoutSeconds}");
        return TimeSpan.FromSeconds(valid ? seconds : OptionLimits.DefaultTimeoutSeconds);
    }

    private static uint Files(OptionWord word)
    {
        bool valid = uint.TryParse(Value(word), NumberStyles.None, CultureInfo.InvariantCulture, out uint files)
            && files is >= 1 and <= OptionLimits.MaxPassthroughFiles;
        ThrowIf(Rule.OptionsAreUnderstood, !valid, $"\"{word.Display}\" is no number of files",
            $"write passthrough_files=1 to passthrough_files={OptionLimits.MaxPassthroughFiles}");
        return files;
    }

    private static bool IsOn(OptionWord word)
    {
        ReadOnlySpan<byte> value = Value(word);
        bool on = value.SequenceEqual("on"u8);
        ThrowIf(Rule.OptionsAreUnderstood, !on && !value.SequenceEqual("off"u8), $"\"{word.Display}\" is neither on nor off", $"write {word.Name}=on or {word.Name}=off");
        return on;
    }

    private static bool Bare(OptionWord word)
    {
        ThrowIf(Rule.OptionsAreUnderstood, word.HasValue, $"the option \"{word.Display}\" takes no value");
        return true;
    }

    private static byte[] Value(OptionWord word)
    {
        byte[] value = word.Value;
        ThrowIf(Rule.OptionsAreUnderstood, value.Length == 0, $"the option \"{word.Display}\" needs a value");
        return value;
    }

    private static void ThrowIf(Rule rule, bool finding, string problem, string? advice = null)
    {
        if (rule.IsBrokenBy(finding))
        {
            throw OptionError.Because(rule, problem, advice);
        }
    }
}
