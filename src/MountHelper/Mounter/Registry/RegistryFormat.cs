using System.Globalization;
using System.Text;
using MountHelper.Grants;
using MountHelper.Mounting;

namespace MountHelper.Registry;

/// <summary>
/// The text of an entry: one "key value" line each, bytes as hex. Reading believes nothing: a file that is too long, has an unknown,
/// missing or repeated key, or a number out of its range is no entry.
/// </summary>
public static class RegistryFormat
{
    public const int MaxLength = 32 * 1024;
    private const int MaxTextLength = 4096;

    private static readonly string[] s_keys =
    [
        "state", "mounter", "mntns", "range", "type", "source", "mountpoint", "mount", "unit", "owner", "time", "options",
    ];

    public static byte[] Write(RegistryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            state {(entry.IsConfirmed ? "mounted" : "reserved")}
            mounter {entry.Mounter.Pid} {entry.Mounter.StartTicks}
            mntns {entry.MountNamespace}
            range {entry.Range.Base} {entry.Range.Count}
            type {Hex(Encoding.UTF8.GetBytes(entry.Type))}
            source {Hex(entry.Source)}
            mountpoint {Hex(entry.Mountpoint)}
            mount {entry.Mount.UniqueId} {entry.Mount.DeviceMajor} {entry.Mount.DeviceMinor}
            unit {Hex(Encoding.UTF8.GetBytes(entry.Unit))}
            owner {entry.Owner}
            time {entry.Time.ToUnixTimeSeconds()}
            options {Hex(entry.Options)}

            """));
    }

    /// <summary>Null for anything but the text of an entry.</summary>
    public static RegistryEntry? TryRead(ulong id, ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxLength || text.IsEmpty || text[^1] != '\n')
        {
            return null;
        }

        string[] lines = Encoding.ASCII.GetString(text[..^1]).Split('\n');
        if (lines.Length != s_keys.Length)
        {
            return null;
        }

        string[][] values = new string[lines.Length][];
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(s_keys[i] + " ", StringComparison.Ordinal))
            {
                return null;
            }

            values[i] = lines[i][(s_keys[i].Length + 1)..].Split(' ');
        }

        return Decode(id, values);
    }

    private static RegistryEntry? Decode(ulong id, string[][] values)
    {
        if (values[0] is not ["mounted" or "reserved"]
            || !TryNumbers(values[1], 2, out ulong[] mounter) || mounter[0] > int.MaxValue
            || !TryNumbers(values[2], 1, out ulong[] mountNamespace)
            || !TryNumbers(values[3], 2, out ulong[] range) || !IsRange(range)
            || !TryHex(values[4], out byte[] type)
            || !TryHex(values[5], out byte[] source)
            || !TryHex(values[6], out byte[] mountpoint)
            || !TryNumbers(values[7], 3, out ulong[] mount) || mount[1] > uint.MaxValue || mount[2] > uint.MaxValue
            || !TryHex(values[8], out byte[] unit)
            || !TryNumbers(values[9], 1, out ulong[] owner) || owner[0] > uint.MaxValue
            || !TryNumbers(values[10], 1, out ulong[] time) || time[0] > 253402300799
            || !TryHex(values[11], out byte[] options))
        {
            return null;
        }

        return new RegistryEntry
        {
            Id = id,
            IsConfirmed = values[0][0] == "mounted",
            Mounter = new ProcessStamp((int)mounter[0], mounter[1]),
            MountNamespace = mountNamespace[0],
            Range = new HostIdRange((uint)range[0], (uint)range[1]),
            Type = Encoding.UTF8.GetString(type),
            Source = source,
            Mountpoint = mountpoint,
            Mount = new MountName(mount[0], (uint)mount[1], (uint)mount[2]),
            Unit = Encoding.UTF8.GetString(unit),
            Owner = (uint)owner[0],
            Time = DateTimeOffset.FromUnixTimeSeconds((long)time[0]),
            Options = options,
        };
    }

    private static bool IsRange(ulong[] range) =>
        range is [0, 0]
        || (range[0] >= IdPool.First && range[1] is > 0 and <= int.MaxValue && range[0] + range[1] - 1 <= IdPool.Last);

    private static bool TryNumbers(string[] fields, int count, out ulong[] numbers)
    {
        numbers = new ulong[count];
        bool ok = fields.Length == count;
        for (int i = 0; ok && i < count; i++)
        {
            ok = ulong.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
        }

        return ok;
    }

    // A lone "-" stands for no bytes, so that every line has a value.
    private static string Hex(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "-" : Convert.ToHexStringLower(bytes);

    private static bool TryHex(string[] fields, out byte[] bytes)
    {
        bytes = [];
        if (fields is not [string text] || text == "-")
        {
            return fields.Length == 1;
        }

        if (text.Length is 0 or > 2 * MaxTextLength || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        bytes = Convert.FromHexString(text);
        return true;
    }
}
