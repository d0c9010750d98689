using System.Globalization;
using System.Text;

namespace Ext4.Corpus.Tests;

/// <summary>Everything that two mounts of one filesystem must agree on about a file. An error takes the place of what it hides.</summary>
internal sealed class FileFacts
{
    private readonly StringBuilder _text = new();

    public void Add(string name, ulong value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, string value) => _text.Append(CultureInfo.InvariantCulture, $"{name}={value} ");

    public void AddMode(ushort mode) => Add("mode", Convert.ToString(mode, 8));

    public void AddTime(string name, long seconds, uint nanoseconds) => Add(name, string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanoseconds:d9}"));

    public void AddBytes(string name, ReadOnlySpan<byte> bytes) => Add(name, Escape(bytes));

    /// <summary>The names of errors are those of errno, whoever found it.</summary>
    public void AddError(string what, string errno) => Add(what, "!" + errno);

    public override string ToString() => _text.ToString();

    /// <summary>Names are bytes: what is not plain ASCII is shown in hex.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte value in bytes)
        {
            if (value is > 0x20 and < 0x7F and not (byte)'\\') text.Append((char)value);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
        }

        return text.ToString();
    }
}
