namespace ServiceHost.Fuse;

/// <summary>Room for one thread that looks for work instead of sleeping, and for none where the caller needs the only CPU.</summary>
internal sealed class LookoutPlace(int cpus)
{
    private int _taken = cpus > 1 ? 0 : 1;

    /// <summary>Of the whole process, however many sessions it has.</summary>
    public static LookoutPlace OfProcess { get; } = new(Environment.ProcessorCount);

    public bool TryTake() => Volatile.Read(ref _taken) == 0 && Interlocked.CompareExchange(ref _taken, 1, 0) == 0;

    public void Leave() => Volatile.Write(ref _taken, 0);
}
