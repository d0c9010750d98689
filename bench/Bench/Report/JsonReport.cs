using System.Text.Json;

namespace Bench.Report;

/// <summary>Every sample, for other programs.</summary>
internal static class JsonReport
{
    public static void Write(Results results, string path)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        WriteTexts(json, "machine", results.Machine);
        json.WriteStartArray("settings");
        foreach ((string suite, string contender, string settings) in results.Recorder.Settings)
        {
            json.WriteStartObject();
            json.WriteString("suite", suite);
            json.WriteString("contender", contender);
            json.WriteString("settings", settings);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("figures");
        foreach (Series series in results.Recorder.All)
        {
            WriteSeries(json, series);
        }

        json.WriteEndArray();
        WriteTexts(json, "left_out", results.Recorder.LeftOut);
        WriteTexts(json, "failed", results.Recorder.Failures);
        json.WriteEndObject();
    }

    private static void WriteSeries(Utf8JsonWriter json, Series series)
    {
        json.WriteStartObject();
        json.WriteString("suite", series.Suite);
        json.WriteString("figure", series.Figure.Name);
        json.WriteString("unit", series.Figure.Unit);
        json.WriteBoolean("more_is_better", series.Figure.MoreIsBetter);
        json.WriteStartObject("samples");
        foreach (string contender in series.Contenders)
        {
            json.WriteStartArray(contender);
            foreach (double value in series.Samples(contender))
            {
                json.WriteNumberValue(Math.Round(value, 4));
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
