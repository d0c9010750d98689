using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>Debian 12's own kernel (6.1) in QEMU: without passthrough, unique mount ids, STATX and SO_PASSRIGHTS.</summary>
[Trait("Needs", "root")]
public sealed class OldKernelTests
{
    /// <summary>Long mode only: it downloads a kernel package and boots it under software emulation.</summary>
    [Fact]
    [Trait("Mode", "long")]
    public void The_oldest_supported_kernel_mounts_reads_writes_and_unmounts()
    {
        Outcome outcome = Shell.Run(
            TimeSpan.FromMinutes(6),
            Checkout.Root + "/tests/OldKernel/boot.sh",
            Environment.GetEnvironmentVariable("FUSERVICE_BIN")!);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
    }
}
