namespace Bench.Contenders;

/// <summary>umount(8), with patience for what still looks at the mount after a workload.</summary>
internal static class Unmounter
{
    private const int Attempts = 50;

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
