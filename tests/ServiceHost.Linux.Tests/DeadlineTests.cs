namespace ServiceHost.Linux.Tests;

public sealed class DeadlineTests
{
    [Fact]
    public void Never_never_passes()
    {
        Assert.False(Deadline.Never.HasPassed);
        Assert.True(Deadline.Never.IsNever);
        Assert.Equal(Timeout.InfiniteTimeSpan, Deadline.Never.Remaining);
    }

    [Fact]
    public void A_deadline_passes_and_stays_passed()
    {
        Deadline deadline = Deadline.In(TimeSpan.FromMilliseconds(-1));
        Assert.True(deadline.HasPassed);
        Assert.Equal(TimeSpan.Zero, deadline.Remaining);
        Assert.False(Deadline.In(TimeSpan.FromHours(1)).HasPassed);
        Assert.InRange(Deadline.In(TimeSpan.FromHours(1)).Remaining, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }
}
