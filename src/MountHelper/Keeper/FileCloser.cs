using ServiceHost.Linux;

namespace MountHelper.Keeper;

/// <summary>
/// Closes what servers sent. close(2) waits for the filesystem of the file (a FUSE server is asked to flush, a network server gets what was
/// written), uninterruptibly, so it has a thread of its own: the keeper itself never closes such a file, and can end while this
/// thread waits. It is the only one beside the main thread and the runtime's.
/// </summary>
internal sealed class FileCloser
{
    // Enough for a burst of registrations; a filesystem that leaves more waiting is stalled.
    private const int MostWaiting = 64;
    private const int StackBytes = 128 * 1024;

    private readonly Queue<FdCell> _waiting = new(MostWaiting);

    public FileCloser() => new Thread(Run, StackBytes) { IsBackground = true, Name = "closer" }.Start();

    /// <summary>Takes a file over. False when too many wait already and none was closed in <paramref name="patience"/>: then it stays open.</summary>
    public bool TryClose(FdCell file, TimeSpan patience)
    {
        lock (_waiting)
        {
            bool takes = _waiting.Count < MostWaiting || (Monitor.Wait(_waiting, patience) && _waiting.Count < MostWaiting);
            if (takes)
            {
                _waiting.Enqueue(file);
                Monitor.PulseAll(_waiting);
            }

            return takes;
        }
    }

    private void Run()
    {
        while (true)
        {
            Next().Close();
        }
    }

    private FdCell Next()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                Monitor.Wait(_waiting);
            }

            Monitor.PulseAll(_waiting);
            return _waiting.Dequeue();
        }
    }
}
