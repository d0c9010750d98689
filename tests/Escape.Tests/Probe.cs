namespace Escape.Tests;

internal static class Probe
{
    private static readonly Lazy<AotProgram> s_program = new(static () => new AotProgram("tests/EscapeProbe", "fuservice-probe"));

    public static AotProgram Program => s_program.Value;

    public static string Bin => Environment.GetEnvironmentVariable("FUSERVICE_BIN")
        ?? throw new InvalidOperationException("FUSERVICE_BIN is not set: these tests run through test.sh.");
}
