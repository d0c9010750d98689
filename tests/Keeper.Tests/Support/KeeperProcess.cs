namespace Keeper.Tests;

/// <summary>What /proc shows of a keeper.</summary>
internal static class KeeperProcess
{
    public static bool HasDevice(int pid)
    {
        try
        {
            return Descriptors(pid).Contains("/dev/fuse");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // No process, or one that has no descriptors any more.
            return false;
        }
    }

    /// <summary>
    /// What is open, by name. Numbers come from fdinfo, because a listing of fd stats what every link leads to, and one may lead to a file whose server
    /// is stopped.
    /// </summary>
    public static IEnumerable<string?> Descriptors(int pid) =>
        Directory.GetFiles($"/proc/{pid}/fdinfo").Select(info => new FileInfo($"/proc/{pid}/fd/{Path.GetFileName(info)}").LinkTarget);

    public static IEnumerable<string> Threads(int pid) => Directory.GetDirectories($"/proc/{pid}/task");
}
