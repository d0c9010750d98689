namespace ServiceHost.Options;

/// <summary>An option whose value is a <typeparamref name="T"/>; it is the key under which <see cref="MountOptions"/> has the value.</summary>
public sealed class MountOption<T> : MountOption
{
    private readonly Func<string, Optional<T>> _parse;

    internal MountOption(string name, string hint, string help, T standard, Func<string, Optional<T>> parse, string expectation)
        : base(name, hint, help)
    {
        _parse = parse;
        Default = standard;
        Expectation = expectation;
    }

    public T Default { get; }

    internal override object Standard => Default!;

    internal override string Expectation { get; }

    internal override string StandardText => Default switch
    {
        bool on => on ? "on" : "off",
        TimeSpan span => span.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Enum word => word.ToString().ToLowerInvariant(),
        { } other => other.ToString() ?? string.Empty,
        null => string.Empty,
    };

    internal override object? Parse(string word, string? value)
    {
        if (IsSwitch)
        {
            return value is null ? word == Name : null;
        }

        if (IsLoose && value is null)
        {
            return word == Name ? string.Empty : "no";
        }

        Optional<T> parsed = value is null ? default : _parse(value);
        return parsed.HasValue ? parsed.Value : null;
    }
}
