using ServiceHost.MountProtocol;

using System.Text;

namespace MountHelper;

/// <summary>
/// One word of an option list, "name" or "name=value", as bytes. The text is kept exactly as written, because a word that is the
/// server's business must reach it unchanged; <see cref="Value"/> is without quotes and escapes.
/// </summary>
public sealed class OptionWord
{
    private readonly byte[] _text;
    private readonly int _separator;

    internal OptionWord(ReadOnlySpan<byte> text)
    {
        _text = text.ToArray();
        _separator = text.IndexOf((byte)'=');
        Name = Encoding.Latin1.GetString(_separator < 0 ? text : text[.._separator]);
    }

    /// <summary>The name byte for byte as a string: only ever compared with ASCII words and never shown.</summary>
    public string Name { get; }

    public bool HasValue => _separator >= 0;

    public ReadOnlySpan<byte> Text => _text;

    public byte[] Value => HasValue ? Unquote(_text.AsSpan(_separator + 1)) : [];

    public string Display => DisplayText.FromBytes(_text);

    /// <summary>"name" or "name=value" without quotes and escapes; each byte is one character, as the mount library takes it.</summary>
    public string ToKernelText() => HasValue ? $"{Name}={Encoding.Latin1.GetString(Value)}" : Name;

    public bool IsName(string name) => string.Equals(Name, name, StringComparison.Ordinal);

    /// <summary>As mount(8) does: one pair of double quotes goes, and a backslash keeps the comma or backslash behind it.</summary>
    private static byte[] Unquote(ReadOnlySpan<byte> value)
    {
        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
        {
            value = value[1..^1];
        }

        byte[] plain = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            bool escapes = value[i] == '\\' && i + 1 < value.Length && (value[i + 1] is (byte)',' or (byte)'\\');
            i += escapes ? 1 : 0;
            plain[length++] = value[i];
        }

        return plain[..length];
    }
}
