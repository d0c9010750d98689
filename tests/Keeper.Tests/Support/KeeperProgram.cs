namespace Keeper.Tests;

internal static class KeeperProgram
{
    /// <summary>From FUSERVICE_BIN: it is native, because a process with a JIT has memory that is written and executed.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("FUSERVICE_BIN")
            ?? throw new InvalidOperationException("FUSERVICE_BIN is not set: these tests run through test.sh."),
        "fuservice-keeper");
}
