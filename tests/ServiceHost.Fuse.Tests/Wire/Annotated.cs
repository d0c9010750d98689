using System.Globalization;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>Bytes written down for people: hexadecimal pairs, and behind a '|' on each line what they mean.</summary>
internal static class Annotated
{
    public static byte[] Bytes(string text) =>
    [
        .. text.Split('\n').SelectMany(line => line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(pair => byte.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
    ];
}
