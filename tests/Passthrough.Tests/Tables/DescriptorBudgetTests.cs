using Servers.Passthrough;

namespace Passthrough.Tests;

public class DescriptorBudgetTests
{
    [Theory]
    [InlineData(512UL, 2, false)]
    [InlineData(4096UL, 2, true)]
    [InlineData(1_048_576UL, 64, false)]
    [InlineData(ulong.MaxValue, 64, true)]
    public void All_shares_together_stay_below_the_limit(ulong limit, int workers, bool sharesLocks)
    {
        DescriptorBudget budget = DescriptorBudget.Of(limit, workers, sharesLocks, maxInodes: 0);
        Assert.InRange(budget.Inodes, 64, int.MaxValue);
        Assert.InRange(budget.Handles, 64, int.MaxValue);
        long all = budget.Inodes + ((sharesLocks ? 2L : 1L) * budget.Handles);
        Assert.True((ulong)all + 64 <= limit);
    }

    [Fact]
    public void The_administrators_bound_only_lowers()
    {
        Assert.Equal(1000, DescriptorBudget.Of(4096, 2, false, maxInodes: 1000).Inodes);
        int free = DescriptorBudget.Of(4096, 2, false, maxInodes: 0).Inodes;
        Assert.Equal(free, DescriptorBudget.Of(4096, 2, false, maxInodes: 1_000_000).Inodes);
    }
}
