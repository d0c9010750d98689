using System.Diagnostics;
using System.Globalization;

namespace Passthrough.Tests;

/// <summary>
/// Random opens, closes, maps, chmods, executions, truncations, unlinks and renames by several processes with several threads each: no sequence ends in
/// EIO, and ETXTBSY only comes where it would come natively.
/// </summary>
[Trait("Needs", "root")]
public class IoModeStressTests
{
    private const int Processes = 3;
    private const int Threads = 3;

    [Theory]
    [InlineData("passthrough=auto", 1)]
    [InlineData("passthrough=auto,cache=never", 2)]
    [InlineData("passthrough=never", 3)]
    public void No_legal_sequence_of_opens_fails(string options, int seed) => Run(options, seed, operations: 700);

    [Fact]
    public void With_always_the_only_thing_that_fails_is_a_writer_of_what_is_being_read() => Run("passthrough=always", 4, 700, "busy");

    [Theory]
    [Trait("Mode", "long")]
    [InlineData("passthrough=auto", 11, "")]
    [InlineData("passthrough=auto,cache=always", 12, "")]
    [InlineData("passthrough=auto,locks=shared", 13, "")]
    [InlineData("passthrough=always", 14, "busy")]
    [InlineData("passthrough=readonly", 15, "")]
    public void No_legal_sequence_of_opens_fails_in_a_long_run(string options, int seed, string busy) => Run(options, seed, 40_000, busy);

    [Fact]
    public void The_same_sequences_are_legal_natively()
    {
        using TempTree tree = new();
        RunIn(tree.Path, seed: 5, operations: 700, string.Empty);
    }

    private static void Run(string options, int seed, int operations, string busy = "")
    {
        using PassthroughMount mount = new(options);
        RunIn(mount.Path, seed, operations, busy);
    }

    private static void RunIn(string directory, int seed, int operations, string busy)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "iomode-stress.dll");
        Process[] processes =
        [
            .. Enumerable.Range(0, Processes).Select(i => Process.Start(new ProcessStartInfo(
                "dotnet", [program, directory, Text((seed * 10) + i), Text(Threads), Text(operations), busy]) { RedirectStandardOutput = true })!),
        ];
        try
        {
            foreach (Process process in processes)
            {
                string report = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                Assert.True(process.ExitCode == 0, report);
                Assert.Contains("open 0 ", report, StringComparison.Ordinal);
            }
        }
        finally
        {
            foreach (Process process in processes)
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
