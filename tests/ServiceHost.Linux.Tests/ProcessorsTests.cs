namespace ServiceHost.Linux.Tests;

public sealed class ProcessorsTests
{
    [Fact]
    public void As_many_as_the_kernel_lists_and_no_fewer_than_are_used() =>
        Assert.InRange(Processors.Possible, Environment.ProcessorCount, 8192);

    [Theory]
    [InlineData("0\n", 1)]
    [InlineData("0-3\n", 4)]
    [InlineData("0-3,8-9,64\n", 7)]
    [InlineData("", 0)]
    [InlineData("3-0\n", 0)]
    [InlineData("0-x\n", 0)]
    public void A_list_has_ranges_and_single_ones(string list, int count) => Assert.Equal(count, Processors.Count(list));
}
