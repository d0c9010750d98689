using System.Globalization;
using Ext4.Tests;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>Opens an image with its journal and without, and looks at everything in it.</summary>
internal static class VolumeExercise
{
    private const int MostFaultLines = 1_000_000;

    public static ExerciseResult Run(IBlockDevice device)
    {
        int reported = 0;
        var options = new VolumeOptions
        {
            CacheBytes = 512 * 1024,
            OnFault = fault =>
            {
                Assert.True(++reported < MostFaultLines, "faults are reported without end");
                Assert.NotEmpty(fault.ToString());
            },
        };
        WalkReport report = Ext4Walker.Walk(device, options);
        if (report.Refusal is { } refusal)
        {
            Assert.False(string.IsNullOrWhiteSpace(refusal.Message) || refusal.Message.Contains('\n', StringComparison.Ordinal));
            if (refusal.Error.Reason.ToString().StartsWith("Journal", StringComparison.Ordinal)) Ext4Walker.Walk(device, options with { NoRecovery = true });
            return new ExerciseResult(refusal.Error, 0, reported, 0);
        }

        Assert.False(report.IsCut, string.Create(CultureInfo.InvariantCulture, $"cut after {report.Files.Count} files and {report.BytesRead} bytes"));
        return new ExerciseResult(Ext4Error.None, report.Files.Count, reported + report.Errors.Count, report.BytesRead);
    }
}
