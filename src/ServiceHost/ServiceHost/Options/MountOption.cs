using System.Globalization;

namespace ServiceHost.Options;

/// <summary>One option of -o: how it is written, what it means, how its value is read. Made by the factories below.</summary>
public abstract class MountOption
{
    private protected MountOption(string name, string hint, string help)
    {
        Name = name;
        Hint = hint;
        Help = help;
    }

    public string Name { get; }

    /// <summary>What -o help shows behind the name: "=SECONDS", or nothing for a word that stands alone.</summary>
    public string Hint { get; }

    public string Help { get; }

    /// <summary>A word that is on or off; "no" in front of it switches it off.</summary>
    public static MountOption<bool> Switch(string name, string help, bool standard = false) =>
        new(name, string.Empty, help, standard, static _ => false, string.Empty);

    public static MountOption<T> Choice<T>(string name, string help, T standard, params (string Word, T Value)[] choices)
    {
        string words = string.Join('|', choices.Select(static choice => choice.Word));
        return new MountOption<T>(name, "=" + words, help, standard, Parse, "one of " + words.Replace("|", ", ", StringComparison.Ordinal));

        Optional<T> Parse(string text)
        {
            foreach ((string word, T value) in choices)
            {
                if (word == text)
                {
                    return value;
                }
            }

            return default;
        }
    }

    public static MountOption<long> Integer(string name, string hint, string help, long standard, long minimum, long maximum) =>
        new(name, "=" + hint, help, standard, text => ParseInteger(text, minimum, maximum), $"a whole number from {minimum} to {maximum}");

    /// <summary>A number of seconds, also with a fraction.</summary>
    public static MountOption<TimeSpan> Seconds(string name, string help, double standard, double maximum) =>
        new(
            name,
            "=SECONDS",
            help,
            TimeSpan.FromSeconds(standard),
            text => ParseSeconds(text, maximum),
            string.Create(CultureInfo.InvariantCulture, $"a number of seconds from 0 to {maximum}"));

    /// <summary>Any text that is not empty.</summary>
    public static MountOption<string> Text(string name, string hint, string help, string standard = "") =>
        new(name, "=" + hint, help, standard, static text => text.Length == 0 ? default : new Optional<string>(text), "a value");

    /// <summary>What older filesystems take in every form: "name", "noname", "name=value".</summary>
    public static MountOption<string> Loose(string name, string help) =>
        new(name, "[=VALUE]", help, string.Empty, static text => new Optional<string>(text), "a value") { IsLoose = true };

    /// <summary>Reads "name=value", "name" or "noname"; null is a value that does not fit.</summary>
    internal abstract object? Parse(string word, string? value);

    internal abstract object Standard { get; }

    /// <summary>What a value must be, for the message that refuses one.</summary>
    internal abstract string Expectation { get; }

    /// <summary>"on", "1", "auto": the default as -o help shows it.</summary>
    internal abstract string StandardText { get; }

    internal bool IsSwitch => Hint.Length == 0;

    internal bool IsLoose { get; private protected init; }

    private static Optional<long> ParseInteger(string text, long minimum, long maximum) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= minimum && value <= maximum
            ? value
            : default(Optional<long>);

    private static Optional<TimeSpan> ParseSeconds(string text, double maximum) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value <= maximum
            ? TimeSpan.FromSeconds(value)
            : default(Optional<TimeSpan>);
}
