using System.Diagnostics;
using System.Globalization;

namespace Escape.Tests;

/// <summary>The attempts as root, in a pid and mount namespace where nothing of the host is in reach: a refusal of what would not work anyway proves nothing.</summary>
[Trait("Needs", "root")]
public sealed class UnconfinedTests
{
    [Fact]
    public void Every_attempt_works_or_is_answered_by_the_kernel_itself()
    {
        using EscapeFolder folder = new();
        Directory.CreateDirectory("/run/fuservice/mounts", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using Process victim = Process.Start("sleep", "infinity");
        try
        {
            (int code, string output, string error) = Command.Run(
                "unshare", "--mount", "--propagation", "private", "--uts", "--ipc",
                Probe.Program.Path, "--unconfined", folder.Path, victim.Id.ToString(CultureInfo.InvariantCulture));
            Assert.True(code == 0, error);

            // A kernel that was built without something says so, and not every one says no in the same way.
            Results.AssertAsExpected(
                output, static row => row.Unconfined,
                static (row, result) => result is "ENOSYS" or "EOPNOTSUPP" || (row.Unconfined != "OK" && result is not ("EPERM" or "EACCES")));
        }
        finally
        {
            victim.Kill();
            victim.WaitForExit();
        }
    }
}
