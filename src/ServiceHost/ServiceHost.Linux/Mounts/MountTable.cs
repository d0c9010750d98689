using System.Globalization;
using System.Text;

namespace ServiceHost.Linux;

/// <summary>The mounts of the caller's namespace, from /proc/self/mountinfo: the one list every kernel has.</summary>
public sealed class MountTable
{
    private const int Limit = 64 * 1024 * 1024;

    private MountTable(List<MountTableEntry> entries) => Entries = entries;

    public IReadOnlyList<MountTableEntry> Entries { get; }

    public static Errno Read(out MountTable table)
    {
        Errno errno = ProcFile.Read("/proc/self/mountinfo\0"u8, out byte[] text, Limit);
        table = new MountTable(Parse(text));
        return errno;
    }

    /// <summary>By the reusable id, of which there is at most one at a time.</summary>
    public MountTableEntry? Find(ulong id) => Entries.FirstOrDefault(entry => entry.Id == id);

    /// <summary>Lines that are not of the form of proc(5) are left out.</summary>
    public static List<MountTableEntry> Parse(ReadOnlySpan<byte> text)
    {
        List<MountTableEntry> entries = [];
        // Latin-1 keeps every byte of a path apart from every other, which UTF-8 decoding would not.
        foreach (string line in Encoding.Latin1.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseLine(line) is MountTableEntry entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    // id parent major:minor root mountpoint options [optional fields] - type source superoptions
    private static MountTableEntry? ParseLine(string line)
    {
        string[] fields = line.Split(' ');
        int separator = Array.IndexOf(fields, "-");
        if (separator < 6 || fields.Length < separator + 3)
        {
            return null;
        }

        string[] device = fields[2].Split(':');
        if (!TryNumber(fields[0], out ulong id) || !TryNumber(fields[1], out ulong parent) || device.Length != 2
            || !TryNumber(device[0], out ulong major) || !TryNumber(device[1], out ulong minor))
        {
            return null;
        }

        return new MountTableEntry(
            id, parent, (uint)major, (uint)minor, Unescape(fields[4]), fields[separator + 1], Unescape(fields[separator + 2]))
        {
            SuperOptions = fields.Length > separator + 3 ? fields[separator + 3] : "",
            IsReadOnly = fields[5].Split(',').Contains("ro"),
            IsUnbindable = fields.AsSpan(6, separator - 6).Contains("unbindable"),
        };
    }

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    // Blank, tab, newline and backslash are written as a backslash and three octal digits.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        StringBuilder text = new(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                text.Append((char)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0')));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }
}
