using ServiceHost.Diagnostics;

namespace ServiceHost.Tests;

public sealed class RateLimitTests
{
    [Fact]
    public void Holds_back_what_exceeds_the_burst_and_tells_how_much_it_was()
    {
        ManualTime time = new();
        RateLimit limit = new(burst: 2, TimeSpan.FromSeconds(10), time);
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(_ => limit.TryPass(out int _)));
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(limit.TryPass(out _));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limit.TryPass(out int suppressed));
        Assert.Equal(4, suppressed);
        Assert.True(limit.TryPass(out suppressed));
        Assert.Equal(0, suppressed);
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
