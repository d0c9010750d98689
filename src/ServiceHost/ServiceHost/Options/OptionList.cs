using System.Text;

namespace ServiceHost.Options;

/// <summary>The comma list behind -o. A backslash makes the next character part of the word, as libfuse reads it.</summary>
public static class OptionList
{
    /// <summary>The words without their escapes; empty ones (",,") are skipped.</summary>
    public static IReadOnlyList<string> Split(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        List<string> words = [];
        StringBuilder word = new();
        for (int i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || list[i] == ',')
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                i += list[i] == '\\' && i + 1 < list.Length ? 1 : 0;
                word.Append(list[i]);
            }
        }

        return words;
    }

    /// <summary>The list that <see cref="Split"/> takes apart into these words.</summary>
    public static string Join(IEnumerable<string> words) =>
        string.Join(
            ',',
            words.Select(static word => word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)));
}
