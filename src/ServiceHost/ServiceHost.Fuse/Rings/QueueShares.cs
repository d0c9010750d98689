namespace ServiceHost.Fuse;

/// <summary>
/// Who serves which queue. A request goes to the queue of the CPU that its caller runs on, and whoever has an entry there may get it. Every
/// queue has two workers where there are two, so that one that waits for a disk does not keep all callers of a CPU waiting; with more
/// queues than workers each worker has many, and there may be many more: queues are counted by the CPUs that could ever be plugged in.
/// </summary>
internal static class QueueShares
{
    /// <summary>The queues of a worker, each once. All queues are served, and all workers have one.</summary>
    public static IReadOnlyList<int> Of(int worker, int workers, int queues)
    {
        SortedSet<int> shares = [];
        for (int i = 0; i < Math.Max(workers, queues); i++)
        {
            if (i % workers == worker || (i + 1) % workers == worker)
            {
                shares.Add(i % queues);
            }
        }

        return [.. shares];
    }
}
