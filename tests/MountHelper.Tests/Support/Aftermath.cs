using System.Globalization;

namespace MountHelper.Tests;

/// <summary>What must be true after every failed mount, whatever happened.</summary>
internal static class Aftermath
{
    public static void AssertNothingIsLeft(MountSandbox sandbox, HelperRun run)
    {
        Assert.Empty(sandbox.NewMounts());
        Assert.Empty(sandbox.List(sandbox.Mountpoint));
        Assert.Empty(sandbox.RegistryEntries());
        Assert.False(File.Exists(sandbox.In("mtab/utab")) && File.ReadAllText(sandbox.In("mtab/utab")).Length > 0);
        AssertNoProcess(run.Pid);
    }

    /// <summary>
    /// Neither the helper nor a child of it (which has the joiner's uid), in any state: a zombie and a process in D state are still listed. A child of
    /// a helper that was killed is killed by the kernel, and buried by process 1, in their own time.
    /// </summary>
    public static void AssertNoProcess(int pid)
    {
        string? left = null;
        Assert.True(Wait.Until(() => (left = FindLeft(pid)) is null, Wait.Patience), left);
    }

    private static string? FindLeft(int pid)
    {
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int other))
            {
                continue;
            }

            string[] status = ReadStatus(other);
            if (other == pid || Field(status, "PPid:") == pid || Field(status, "Uid:") == ServiceListener.JoinerUid)
            {
                return $"process {other} is left of {pid}: {string.Join(' ', status.Take(9))}";
            }
        }

        return null;
    }

    private static long Field(string[] status, string name) =>
        status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is string line
            ? long.Parse(line[name.Length..].Trim().Split('\t')[0], CultureInfo.InvariantCulture)
            : -1;

    private static string[] ReadStatus(int pid)
    {
        try
        {
            return File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"));
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return [];
        }
    }
}
