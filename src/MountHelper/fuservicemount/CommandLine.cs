using ServiceHost.MountProtocol;

using System.Text;

namespace MountHelper.FuserviceMount;

/// <summary>
/// Reads the command line: our own form and, word for word, what mount(8), umount(8) and fstab hand to a helper
/// (SOURCE MOUNTPOINT [-sfnvrw] [-N NS] [-t TYPE] -o LIST; MOUNTPOINT [-nflrv] [-N NS] [-t TYPE]). Options and words may be mixed.
/// </summary>
internal sealed class CommandLine
{
    private readonly Invocation _invocation = new();
    private readonly List<byte[]> _words = [];
    private readonly List<char> _flags = [];
    private readonly List<byte[]> _arguments;
    private int _next;

    private CommandLine(HelperName name, List<byte[]> arguments)
    {
        _invocation.Kind = name.Kind;
        _invocation.Type = name.Type;
        _arguments = arguments;
    }

    public static Invocation Parse(byte[] argv0, List<byte[]> arguments)
    {
        CommandLine line = new(HelperName.Parse(argv0), arguments);
        line.ReadAll();
        line.Finish();
        return line._invocation;
    }

    private void ReadAll()
    {
        bool optionsEnded = false;
        while (_next < _arguments.Count)
        {
            byte[] argument = _arguments[_next++];
            if (optionsEnded || argument.Length < 2 || argument[0] != '-')
            {
                _words.Add(argument);
            }
            else if (argument.AsSpan().SequenceEqual("--"u8))
            {
                optionsEnded = true;
            }
            else if (argument[1] == '-')
            {
                ReadLong(Encoding.Latin1.GetString(argument));
            }
            else
            {
                ReadCluster(argument);
            }
        }
    }

    private void ReadCluster(byte[] cluster)
    {
        for (int i = 1; i < cluster.Length; i++)
        {
            char letter = (char)cluster[i];
            if (letter is 'h' or 'V')
            {
                SwitchTo(letter == 'h' ? InvocationKind.Help : InvocationKind.Version);
                continue;
            }

            if (letter is not ('o' or 't' or 'N'))
            {
                _flags.Add(letter);
                continue;
            }

            // The rest of the word is the value, as in -oro; otherwise the next word is.
            TakeValue(letter, i + 1 < cluster.Length ? cluster[(i + 1)..] : Next($"-{letter}"));
            return;
        }
    }

    /// <summary>Read at once, understood at the end: what -f and -r mean depends on whether --unmount stands anywhere.</summary>
    private void ApplyFlag(char letter)
    {
        bool unmount = _invocation.Kind == InvocationKind.Unmount;
        switch (letter)
        {
            case 'f' when unmount:
                _invocation.Force = true;
                break;
            case 'r' when unmount:
                _invocation.ReadOnlyWhenBusy = true;
                break;
            case 'l' when unmount:
                _invocation.Lazy = true;
                break;
            case 'f':
                _invocation.Fake = true;
                break;
            case 'r':
                _invocation.OptionLists.Add("ro"u8.ToArray());
                break;
            case 'w' when !unmount:
                _invocation.OptionLists.Add("rw"u8.ToArray());
                break;
            case 's' when !unmount:
                _invocation.Sloppy = true;
                break;
            case 'n':
                _invocation.NoUtab = true;
                break;
            case 'v':
                _invocation.Verbose = true;
                break;
            default:
                throw Usage($"there is no option -{DisplayText.FromBytes([(byte)letter])}{(unmount ? " for unmounting" : "")}");
        }
    }

    private void ReadLong(string argument)
    {
        switch (argument)
        {
            case "--check":
                SwitchTo(InvocationKind.Check);
                break;
            case "--unmount":
                SwitchTo(InvocationKind.Unmount);
                break;
            case "--unmount-unit":
                SwitchTo(InvocationKind.UnmountUnit);
                break;
            case "--attest":
                SwitchTo(InvocationKind.Attest);
                break;
            case "--wait":
                SwitchTo(InvocationKind.Wait);
                break;
            case "--help":
                SwitchTo(InvocationKind.Help);
                break;
            case "--version":
                SwitchTo(InvocationKind.Version);
                break;
            default:
                throw Usage($"there is no option {DisplayText.FromBytes(Encoding.Latin1.GetBytes(argument))}");
        }
    }

    /// <summary>--help and --version win over everything else that stands on the line.</summary>
    private void SwitchTo(InvocationKind kind)
    {
        bool settled = _invocation.Kind is InvocationKind.Help or InvocationKind.Version;
        bool informs = kind is InvocationKind.Help or InvocationKind.Version;
        if (!settled && !informs && _invocation.Kind is not InvocationKind.Mount && _invocation.Kind != kind)
        {
            throw Usage("--attest, --check, --unmount, --unmount-unit and --wait exclude each other");
        }

        _invocation.Kind = settled ? _invocation.Kind : kind;
    }

    private void TakeValue(char letter, byte[] value)
    {
        switch (letter)
        {
            case 'o':
                _invocation.OptionLists.Add(value);
                break;
            case 'N':
                _invocation.Namespace = value;
                break;
            default:
                TakeType(ServiceType.Parse(value));
                break;
        }
    }

    /// <summary>mount(8) may pass -t in addition to the name; the two cannot differ.</summary>
    private void TakeType(ServiceType type)
    {
        if (_invocation.Type is { } named && named.Name != type.Name)
        {
            throw Usage($"the type is {named.Name} by the name of this program and {type.Name} by -t");
        }

        _invocation.Type ??= type;
    }

    private byte[] Next(string option) =>
        _next < _arguments.Count ? _arguments[_next++] : throw Usage($"the option {option} needs a value");

    private void Finish()
    {
        if (_invocation.Kind is InvocationKind.Help or InvocationKind.Version)
        {
            return;
        }

        _flags.ForEach(ApplyFlag);
        switch (_invocation.Kind)
        {
            case InvocationKind.Mount:
                FinishMount();
                break;
            case InvocationKind.Unmount:
                ThrowUnlessWords(1, "--unmount needs one MOUNTPOINT");
                _invocation.Mountpoint = _words[0];
                break;
            case InvocationKind.UnmountUnit:
                ThrowUnlessWords(1, "--unmount-unit needs one UNIT");
                _invocation.Unit = _words[0];
                break;
            case InvocationKind.Attest:
                ThrowUnlessWords(1, "--attest needs one MOUNTPOINT");
                _invocation.Mountpoint = _words[0];
                break;
            case InvocationKind.Wait:
                ThrowUnlessWords(1, "--wait needs one SOURCE");
                _invocation.Source = _words[0];
                break;
            default:
                ThrowUnlessWords(0, "--check takes no further words");
                ThrowWithoutType();
                break;
        }
    }

    private void FinishMount()
    {
        ThrowWithoutType();
        if (_words.Count is not (1 or 2))
        {
            throw Usage(_words.Count == 0 ? "SOURCE and MOUNTPOINT are missing" : "there are more words than SOURCE and MOUNTPOINT");
        }

        _invocation.Mountpoint = _words[^1];
        byte[]? source = _words.Count == 2 ? _words[0] : null;
        bool none = source is null or [] || source.AsSpan().SequenceEqual("none"u8);
        _invocation.Source = none ? null : source;
        if (_invocation.Mountpoint.Length == 0)
        {
            throw Usage("MOUNTPOINT is empty");
        }

        if (Rule.OptionsAreBounded.IsBrokenBy(_words.Exists(static word => word.Length >= Limits.PathBytes)))
        {
            throw OptionError.Because(Rule.OptionsAreBounded, $"SOURCE or MOUNTPOINT is longer than {Limits.PathBytes - 1} bytes");
        }
    }

    private void ThrowUnlessWords(int count, string problem)
    {
        if (_words.Count != count || _words.Exists(static word => word.Length == 0))
        {
            throw Usage(problem);
        }
    }

    private void ThrowWithoutType()
    {
        if (_invocation.Type is null)
        {
            throw Usage("the type of the filesystem is missing");
        }
    }

    private static MountFailedException Usage(string problem) =>
        OptionError.Because(null, problem, "see fuservicemount --help");
}
