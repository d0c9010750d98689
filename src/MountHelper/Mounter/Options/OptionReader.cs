using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// Cuts what stands after -o into words as libmount does: a comma separates unless it is inside double quotes or behind a
/// backslash. Empty words (",,") are nothing. Bounded, and without any belief about the encoding.
/// </summary>
public static class OptionReader
{
    public static List<OptionWord> Read(IEnumerable<byte[]> lists)
    {
        ArgumentNullException.ThrowIfNull(lists);
        List<OptionWord> words = [];
        int total = 0;
        foreach (byte[] list in lists)
        {
            total += list.Length;
            ThrowIf(total > OptionLimits.MaxTextLength, $"the options are longer than {OptionLimits.MaxTextLength} bytes");
            ReadList(list, words);
        }

        return words;
    }

    /// <summary>A list that a server wrote, under the same bounds; what is wrong with it is not the caller's mistake.</summary>
    public static List<OptionWord> ReadServers(byte[] list)
    {
        try
        {
            return Read([list]);
        }
        catch (MountFailedException failed)
        {
            throw new MountFailedException(new MountFailure($"the server sent options that are none: {failed.Failure.Problem}")
            {
                Rule = failed.Failure.Rule,
            });
        }
    }

    private static void ReadList(ReadOnlySpan<byte> list, List<OptionWord> words)
    {
        bool quoted = false;
        int start = 0;
        for (int i = 0; i < list.Length; i++)
        {
            quoted ^= list[i] == '"';
            if (list[i] == ',' && !quoted && !(i > 0 && list[i - 1] == '\\'))
            {
                Add(list[start..i], words);
                start = i + 1;
            }
        }

        ThrowIf(quoted, "the options contain a double quote that is never closed");
        Add(list[start..], words);
    }

    private static void Add(ReadOnlySpan<byte> text, List<OptionWord> words)
    {
        if (text.IsEmpty)
        {
            return;
        }

        ThrowIf(text.Length > OptionLimits.MaxWordLength, $"an option is longer than {OptionLimits.MaxWordLength} bytes");
        ThrowIf(words.Count == OptionLimits.MaxWords, $"there are more than {OptionLimits.MaxWords} options");
        ThrowIf(text.IndexOfAnyInRange((byte)0, (byte)0x1f) >= 0 || text.Contains((byte)0x7f),
            $"the option \"{DisplayText.FromBytes(text)}\" contains a control character");
        words.Add(new OptionWord(text));
    }

    private static void ThrowIf(bool finding, string problem)
    {
        if (Rule.OptionsAreBounded.IsBrokenBy(finding))
        {
            throw OptionError.Because(Rule.OptionsAreBounded, problem);
        }
    }
}
