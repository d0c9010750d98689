namespace ServiceHost.Linux;

/// <summary>LOCK_* of flock(2).</summary>
[Flags]
public enum FlockOperation
{
    /// <summary>LOCK_SH.</summary>
    Shared = 1,

    /// <summary>LOCK_EX.</summary>
    Exclusive = 2,

    /// <summary>LOCK_NB.</summary>
    NonBlocking = 4,

    /// <summary>LOCK_UN.</summary>
    Unlock = 8,
}
