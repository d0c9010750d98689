namespace ServiceHost.Fuse;

/// <summary>
/// Whether a worker that found no request looks again before it sleeps. A caller that works alone (a walk, an unpacking, a compiler) sends its next
/// request some microseconds after it got an answer, while putting a thread to sleep and waking it takes tens of them: who does not sleep answers
/// twice as fast.
/// <para>What it may cost is bounded. One thread of the process looks at a time (<see cref="LookoutPlace"/>), for no longer than
/// <see cref="Limit"/>; and after looking in vain it stays away for one lull, after the next time for two, then four, up to
/// <see cref="MaxAbstinence"/>. A caller with a slower pace of its own soon meets a worker that sleeps as if this did not exist.</para>
/// </summary>
internal sealed class Lookout(LookoutPlace place, TimeProvider clock)
{
    internal const int MaxAbstinence = 64;
    private const int PauseSpins = 8;

    private int _abstinence;
    private int _abstain;
    private bool _isLooking;
    private long _began;

    /// <summary>About what a sleep and a wake cost: looking for longer than that cannot win any more.</summary>
    internal static TimeSpan Limit { get; } = TimeSpan.FromMicroseconds(50);

    /// <summary>The device was empty. False: sleep.</summary>
    public bool LooksAgain()
    {
        if (!_isLooking && !TryBegin())
        {
            return false;
        }

        if (clock.GetElapsedTime(_began) < Limit)
        {
            Thread.SpinWait(PauseSpins);
            return true;
        }

        End();
        _abstinence = Math.Clamp(_abstinence * 2, 1, MaxAbstinence);
        _abstain = _abstinence;
        return false;
    }

    /// <summary>There was a request, or there is no more looking.</summary>
    public void Found()
    {
        if (_isLooking)
        {
            End();
            _abstinence = 0;
        }
    }

    private bool TryBegin()
    {
        if (_abstain > 0)
        {
            _abstain--;
            return false;
        }

        if (!place.TryTake())
        {
            return false;
        }

        _isLooking = true;
        _began = clock.GetTimestamp();
        return true;
    }

    private void End()
    {
        _isLooking = false;
        place.Leave();
    }
}
