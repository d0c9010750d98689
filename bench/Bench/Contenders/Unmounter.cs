namespace Bench.Contenders;

/// <summary>umount(8), with patience for what still looks at the mount after a workload.</summary>
internal static class Unmounter
{
    private const int Attempts = 50;

    /// <summary>For a server that has failed: whatever is left of its mount, callers that wait for it included.</summary>
    public static void GiveUp(string mountPoint)
    {
        try
        {
            Shell.Run("umount", "--force", "--lazy", mountPoint);
        }
        catch (BenchException)
        {
            // It was not mounted any more.
        }
    }

    public static void Unmount(string mountPoint)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Shell.Run("umount", mountPoint);
                return;
            }
            catch (BenchException) when (attempt < Attempts)
            {
                Thread.Sleep(100);
            }
        }
    }
}
