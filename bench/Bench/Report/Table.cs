using System.Text;

namespace Bench.Report;

/// <summary>Columns that line up, in the form that Markdown takes for a table.</summary>
internal static class Table
{
    public static void Write(StringBuilder text, IEnumerable<string[]> rows)
    {
        string[][] all = [.. rows];
        int[] widths = [.. Enumerable.Range(0, all[0].Length).Select(column => all.Max(row => row[column].Length))];
        for (int i = 0; i < all.Length; i++)
        {
            WriteRow(text, all[i], widths);
            if (i == 0)
            {
                WriteRow(text, [.. widths.Select(width => new string('-', width))], widths);
            }
        }
    }

    private static void WriteRow(StringBuilder text, string[] row, int[] widths)
    {
        for (int column = 0; column < row.Length; column++)
        {
            text.Append("| ").Append(row[column].PadRight(widths[column])).Append(' ');
        }

        text.AppendLine("|");
    }
}
