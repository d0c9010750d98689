namespace ServiceHost.Fuse.Tests.Wire;

public sealed class LookoutTests
{
    private readonly HandClock _clock = new();
    private readonly LookoutPlace _place = new(cpus: 2);

    [Fact]
    public void A_worker_looks_again_until_the_limit_and_then_sleeps()
    {
        Lookout lookout = new(_place, _clock);
        Assert.True(lookout.LooksAgain());
        _clock.Pass(Lookout.Limit / 2);
        Assert.True(lookout.LooksAgain());
        _clock.Pass(Lookout.Limit / 2);
        Assert.False(lookout.LooksAgain());
    }

    [Fact]
    public void One_at_a_time_looks()
    {
        Lookout first = new(_place, _clock);
        Lookout second = new(_place, _clock);
        Assert.True(first.LooksAgain());
        Assert.False(second.LooksAgain());
        first.Found();
        Assert.True(second.LooksAgain());
    }

    [Fact]
    public void Where_there_is_one_cpu_nobody_looks() => Assert.False(new Lookout(new LookoutPlace(cpus: 1), _clock).LooksAgain());

    [Fact]
    public void Who_looks_in_vain_stays_away_for_longer_and_longer()
    {
        Lookout lookout = new(_place, _clock);
        foreach (int lulls in new[] { 1, 2, 4, 8, 16, 32, 64, 64 })
        {
            LookInVain(lookout);
            for (int lull = 0; lull < lulls; lull++)
            {
                Assert.False(lookout.LooksAgain());
            }
        }
    }

    [Fact]
    public void A_request_that_is_found_ends_the_abstinence()
    {
        Lookout lookout = new(_place, _clock);
        LookInVain(lookout);
        Assert.False(lookout.LooksAgain());
        LookInVain(lookout);
        Assert.False(lookout.LooksAgain());
        Assert.False(lookout.LooksAgain());
        Assert.True(lookout.LooksAgain());
        lookout.Found();
        LookInVain(lookout);
        Assert.False(lookout.LooksAgain());
        Assert.True(lookout.LooksAgain());
    }

    private void LookInVain(Lookout lookout)
    {
        Assert.True(lookout.LooksAgain());
        _clock.Pass(Lookout.Limit);
        Assert.False(lookout.LooksAgain());
    }

    private sealed class HandClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
