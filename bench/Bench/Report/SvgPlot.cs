using System.Globalization;
using System.Security;
using System.Text;

namespace Bench.Report;

/// <summary>
/// The ratios as dots on a logarithmic scale, one row for each figure, the range of the runs as a line through each dot. Right of the line at 1 is
/// better than the suite's first contender.
/// </summary>
internal static class SvgPlot
{
    private const int Left = 300;
    private const int Width = 640;
    private const int RowHeight = 18;
    private const double Smallest = 1.0 / 32;
    private const double Largest = 32;

    private static readonly string[] s_colors = ["#d1495b", "#00798c", "#edae49", "#30638e", "#7a9e3f", "#8d6a9f", "#555555"];

    public static string Draw(Results results)
    {
        StringBuilder body = new();
        int y = 30;
        foreach (IGrouping<string, Series> suite in results.Suites)
        {
            y = DrawSuite(body, [.. suite], y);
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Left + Width + 40}" height="{y}" font-family="sans-serif" font-size="11">
            <rect width="100%" height="100%" fill="white"/>
            {body}</svg>

            """;
    }

    private static int DrawSuite(StringBuilder body, Series[] suite, int y)
    {
        IReadOnlyList<string> contenders = Results.Contenders(suite);
        string baseline = Results.Baseline(suite);
        string[] drawn = [.. contenders.Where(contender => contender != baseline)];
        Text(body, 10, y, $"{suite[0].Suite}: times as good as {baseline}", "bold");
        for (int i = 0; i < drawn.Length; i++)
        {
            int x = Left + (i * 95);
            body.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{y - 4}\" r=\"4\" fill=\"{Color(i)}\"/>\n");
            Text(body, x + 8, y, drawn[i], "normal");
        }

        int bottom = y + 8 + (suite.Length * RowHeight);
        DrawScale(body, y + 8, bottom);
        foreach (Series series in suite)
        {
            y += RowHeight;
            Text(body, 10, y, series.Figure.Name, "normal");
            DrawRow(body, series, baseline, drawn, y - 4);
        }

        return bottom + 45;
    }

    private static void DrawScale(StringBuilder body, int top, int bottom)
    {
        for (double tick = Smallest; tick <= Largest; tick *= 2)
        {
            string color = tick == 1 ? "#000000" : "#dddddd";
            body.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(tick):0.0}\" x2=\"{X(tick):0.0}\" y1=\"{top}\" y2=\"{bottom}\" stroke=\"{color}\"/>\n");
            Text(body, (int)X(tick) - 6, bottom + 12, tick < 1 ? $"1/{1 / tick}" : tick.ToString(CultureInfo.InvariantCulture), "normal");
        }
    }

    private static void DrawRow(StringBuilder body, Series series, string baseline, string[] drawn, int y)
    {
        if (series.Of(baseline) is not { } against)
        {
            return;
        }

        for (int i = 0; i < drawn.Length; i++)
        {
            if (series.Of(drawn[i]) is { } sample)
            {
                double low = X(series.Figure.Ratio(sample.Min, against.Median));
                double high = X(series.Figure.Ratio(sample.Max, against.Median));
                double middle = X(series.Figure.Ratio(sample.Median, against.Median));
                body.Append(CultureInfo.InvariantCulture, $"<line x1=\"{low:0.0}\" x2=\"{high:0.0}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{Color(i)}\"/>");
                body.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{middle:0.0}\" cy=\"{y}\" r=\"4\" fill=\"{Color(i)}\" fill-opacity=\"0.85\"/>\n");
            }
        }
    }

    private static double X(double ratio) =>
        Left + (Width * Math.Log(Math.Clamp(ratio, Smallest, Largest) / Smallest) / Math.Log(Largest / Smallest));

    private static string Color(int index) => s_colors[index % s_colors.Length];

    private static void Text(StringBuilder body, int x, int y, string text, string weight) =>
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" font-weight=\"{weight}\">{SecurityElement.Escape(text)}</text>\n");
}
