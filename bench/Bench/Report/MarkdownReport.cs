using System.Text;

namespace Bench.Report;

/// <summary>The page that is kept in the repository.</summary>
internal static class MarkdownReport
{
    public static string Write(Results results)
    {
        StringBuilder text = new();
        text.AppendLine("# Results of one run").AppendLine();
        text.AppendLine("Written by `bench/run.sh` ([how to read it](README.md)): median [min..max] of all runs, and how many times as good as the first");
        text.AppendLine("column. ![ratios](results.svg)").AppendLine();
        foreach (string line in results.Machine)
        {
            text.Append("* ").AppendLine(line);
        }

        text.AppendLine().AppendLine("## Goals").AppendLine();
        Table.Write(text, TextReport.GoalRows(results));
        foreach (IGrouping<string, Series> suite in results.Suites)
        {
            text.AppendLine().Append("## ").AppendLine(suite.Key).AppendLine();
            Table.Write(text, TextReport.Rows(suite));
            text.AppendLine();
            foreach ((_, string contender, string settings) in results.Recorder.Settings.Where(entry => entry.Suite == suite.Key))
            {
                text.Append("* ").Append(contender).Append(": `").Append(settings).AppendLine("`");
            }
        }

        WriteList(text, "Left out", results.Recorder.LeftOut);
        WriteList(text, "Failed", results.Recorder.Failures);
        return text.ToString();
    }

    private static void WriteList(StringBuilder text, string heading, List<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        text.AppendLine().Append("## ").AppendLine(heading).AppendLine();
        foreach (string line in lines)
        {
            text.Append("* ").AppendLine(line);
        }
    }
}
