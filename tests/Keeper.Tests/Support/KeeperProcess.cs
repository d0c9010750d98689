namespace Keeper.Tests;

/// <summary>What /proc shows of a keeper.</summary>
internal static class KeeperProcess
{
    public static bool HasDevice(int pid)
    {
        try
        {
            return Directory.GetFiles($"/proc/{pid}/fd").Any(static link => new FileInfo(link).LinkTarget == "/dev/fuse");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // No process, or one that has no descriptors any more.
            return false;
        }
    }

    public static IEnumerable<string> Threads(int pid) => Directory.GetDirectories($"/proc/{pid}/task");
}
