namespace Servers.Passthrough;

/// <summary>
/// How RLIMIT_NOFILE is shared out. Inodes get the most: the kernel keeps as many as it likes, while open files are the callers'
/// deliberate doing.
/// </summary>
internal readonly record struct DescriptorBudget(int Inodes, int Handles)
{
    /// <summary>Devices, logs, descriptors between two table entries.</summary>
    private const int Reserve = 64;
    private const int PerWorker = 4;

    /// <summary>Below this nothing useful can be served.</summary>
    public const int Minimum = 512;

    // A table slot is an int, and this much is far beyond fs.nr_open.
    private const ulong Maximum = 100_000_000;

    /// <param name="limit">RLIMIT_NOFILE.</param>
    /// <param name="workers">Threads that serve.</param>
    /// <param name="sharesLocks">Lock owners take descriptors too, at most as many as there are open files.</param>
    /// <param name="maxInodes">The administrator's own bound, 0 for none.</param>
    public static DescriptorBudget Of(ulong limit, int workers, bool sharesLocks, long maxInodes)
    {
        int usable = (int)Math.Min(limit, Maximum) - Reserve - (workers * PerWorker);
        int handles = usable / 4;
        int inodes = usable - (sharesLocks ? 2 * handles : handles);
        return new DescriptorBudget(maxInodes == 0 ? inodes : (int)Math.Min(inodes, maxInodes), handles);
    }
}
