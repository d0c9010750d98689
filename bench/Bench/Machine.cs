namespace Bench;

/// <summary>What the figures were measured on and with.</summary>
internal static class Machine
{
    public static IReadOnlyList<string> Describe(BenchOptions options)
    {
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
        List<string> lines =
        [
            $"kernel {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {Environment.ProcessorCount} CPUs ({model})",
            $"load average before: {Environment.GetEnvironmentVariable("BENCH_LOAD_BEFORE")}, after: {File.ReadAllText("/proc/loadavg").Trim()}",
            Shell.Run(Path.Combine(options.Bin, "fuservice-passthrough"), "--version").Trim(),
            Shell.Run("fio", "--version").Trim(),
        ];
        AddVersion(lines, "passthrough_hp", options.PassthroughHp, "--help");
        AddVersion(lines, "passthrough_ll", options.PassthroughLl, "--version");
        if (options.Fuse2Fs is not null)
        {
            lines.Add("fuse2fs: " + Shell.Run("sh", "-c", $"{options.Fuse2Fs} -V 2>&1 | head -n 1").Trim());
        }

        return lines;
    }

    // A peer's own version line, when its answer has one: passthrough_hp has none.
    private static void AddVersion(List<string> lines, string name, string? program, string argument)
    {
        if (program is not null)
        {
            string answer = Shell.Run("sh", "-c", $"'{program}' {argument} 2>&1 || :");
            string? version = answer.Split('\n').FirstOrDefault(line => line.Contains("version", StringComparison.OrdinalIgnoreCase));
            lines.Add($"{name}: {version?.Trim() ?? "(tells no version)"}");
        }
    }
}
