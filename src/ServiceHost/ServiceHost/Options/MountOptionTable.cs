using System.Text;
using ServiceHost.MountProtocol;

namespace ServiceHost.Options;

/// <summary>
/// The options that a service knows. Every word of -o either is in the table, and then it has an effect, or the mount is refused
/// with its name: a misspelt option never passes silently.
/// </summary>
public sealed class MountOptionTable
{
    private const int HelpColumn = 28;

    private readonly MountOption[] _options;

    public MountOptionTable(params MountOption[] options) => _options = options;

    /// <summary>This table with the options of another behind its own.</summary>
    public MountOptionTable With(MountOptionTable more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return new MountOptionTable([.. _options, .. more._options]);
    }

    /// <summary>
    /// Reads a comma list ("a,b=1,c"); a later word overrides an earlier one. A name that is not in the table is refused, unless
    /// <paramref name="passOver"/> takes it: mount -s asks for that.
    /// </summary>
    public MountOptions Parse(string list, Action<string>? passOver = null)
    {
        Dictionary<MountOption, object> values = [];
        foreach (string word in OptionList.Split(list))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? word : word[..equals];
            string? value = equals < 0 ? null : word[(equals + 1)..];
            if (Find(name) is { } option)
            {
                values[option] = option.Parse(name, value) ?? throw new ServiceException(Refusal(option, value));
            }
            else if (passOver is not null)
            {
                passOver(Show(name));
            }
            else
            {
                throw new ServiceException(name == "help" ? $"the options are {NamesInOneLine}"
                    : $"unknown option '{Show(name)}' (-o help lists the known ones)");
            }
        }

        return new MountOptions(values);
    }

    /// <summary>The lines of -o help.</summary>
    public IEnumerable<string> DescribeAll() => _options.Select(Describe);

    /// <summary>The names in one line, for a message of bounded length.</summary>
    public string NamesInOneLine => string.Join(", ", _options.Select(static option => option.Name + option.Hint));

    private static string Describe(MountOption option)
    {
        string left = "  " + option.Name + option.Hint;
        string standard = option.StandardText.Length == 0 ? string.Empty : $" (default {option.StandardText})";
        string gap = left.Length < HelpColumn ? new string(' ', HelpColumn - left.Length) : "  ";
        return left + gap + option.Help + standard;
    }

    private static string Refusal(MountOption option, string? value) =>
        option.IsSwitch ? $"option '{option.Name}' takes no value"
        : value is null ? $"option '{option.Name}' needs {option.Expectation}"
        : $"option '{option.Name}' needs {option.Expectation}, not '{Show(value)}'";

    private static string Show(string text) => DisplayText.FromBytes(Encoding.UTF8.GetBytes(text));

    private MountOption? Find(string name)
    {
        foreach (MountOption option in _options)
        {
            if (option.Name == name || ((option.IsSwitch || option.IsLoose) && name == "no" + option.Name))
            {
                return option;
            }
        }

        return null;
    }
}
