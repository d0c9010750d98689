using MountHelper.Grants;

namespace Grants.Tests;

public sealed class IdMapTests
{
    [Fact]
    public void The_first_65536_ids_are_always_there()
    {
        IdMap map = IdMap.Create([])!;
        Assert.Equal(65536u, map.Count);
        Assert.Equal([new IdExtent(0, IdPool.First, 65536)], map.On(new HostIdRange(IdPool.First, 65536)));
    }

    [Fact]
    public void More_ids_follow_in_the_same_range_and_are_never_themselves()
    {
        IdMap map = IdMap.Create([new IdSpan(100_000, 100_009), IdSpan.Of(4_000_000_000)])!;
        Assert.Equal(65547u, map.Count);
        Assert.Equal(
            [
                new IdExtent(0, IdPool.First, 65536),
                new IdExtent(100_000, IdPool.First + 65536, 10),
                new IdExtent(4_000_000_000, IdPool.First + 65546, 1),
            ],
            map.On(new HostIdRange(IdPool.First, 65547)));
    }

    [Fact]
    public void Overlapping_and_touching_spans_become_one()
    {
        IdMap map = IdMap.Create([new IdSpan(65536, 65540), new IdSpan(1000, 2000), new IdSpan(65538, 65550)])!;
        Assert.Equal([new IdExtent(0, IdPool.First, 65551)], map.On(new HostIdRange(IdPool.First, 65551)));
    }

    [Theory]
    [InlineData(5u, 4u)]
    [InlineData(70000u, uint.MaxValue)]
    [InlineData(65536u, 4_000_000_000u)]
    public void A_span_that_is_backwards_or_names_no_id_or_exceeds_the_pool_is_refused(uint first, uint last)
    {
        Assert.Null(IdMap.Create([new IdSpan(first, last)]));
    }

    [Fact]
    public void More_extents_than_the_kernel_takes_are_refused()
    {
        Assert.NotNull(IdMap.Create(Enumerable.Range(0, 339).Select(static i => IdSpan.Of(100_000 + ((uint)i * 2)))));
        Assert.Null(IdMap.Create(Enumerable.Range(0, 340).Select(static i => IdSpan.Of(100_000 + ((uint)i * 2)))));
    }

    [Fact]
    public void Only_mapped_ids_are_contained()
    {
        IdMap map = IdMap.Create([new IdSpan(70000, 70001)])!;
        Assert.True(map.Contains(0) && map.Contains(65535) && map.Contains(70001));
        Assert.False(map.Contains(65536) || map.Contains(70002));
    }
}
