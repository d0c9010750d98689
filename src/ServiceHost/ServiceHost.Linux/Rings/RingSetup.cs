namespace ServiceHost.Linux;

/// <summary>How a ring is made.</summary>
/// <param name="Submissions">Room for submissions that are not yet taken by the kernel; rounded up to a power of two.</param>
/// <param name="Completions">Room for completions that are not yet taken by us. The kernel keeps what does not fit, at a price.</param>
public readonly record struct RingSetup(int Submissions, int Completions)
{
    /// <summary>Every submission has 80 bytes for its driver, see <see cref="IoUring.TryAddCommand(Fd, uint, ulong, ReadOnlySpan{byte})"/>.</summary>
    public bool WideEntries { get; init; }

    /// <summary>
    /// Nothing can be submitted before <see cref="IoUring.Enable"/>, and <see cref="IoUring.Restrict"/> is possible until then.
    /// </summary>
    public bool StartDisabled { get; init; }
}
