using MountHelper.Grants;

namespace Grants.Tests;

public sealed class IdRangeAllocatorTests
{
    private const uint Count = 65536;

    [Fact]
    public void An_empty_pool_gives_its_start()
    {
        Assert.Equal(new HostIdRange(IdPool.First, Count), IdRangeAllocator.Find([], IdPool.First, Count));
    }

    [Fact]
    public void The_search_goes_on_where_it_was_left_and_not_in_the_first_gap()
    {
        Assert.Equal(new HostIdRange(IdPool.First + 100, Count), IdRangeAllocator.Find([], IdPool.First + 100, Count));
    }

    [Fact]
    public void It_goes_round_at_the_end_of_the_pool()
    {
        HostIdRange[] used = [new(IdPool.First, 10)];
        Assert.Equal(new HostIdRange(IdPool.First + 10, Count), IdRangeAllocator.Find(used, IdPool.Last - 5, Count));
    }

    [Fact]
    public void The_last_ids_of_the_pool_can_be_had()
    {
        uint start = IdPool.Last + 1 - Count;
        Assert.Equal(new HostIdRange(start, Count), IdRangeAllocator.Find([], start, Count));
    }

    [Fact]
    public void One_id_of_a_living_process_blocks_the_whole_range_around_it()
    {
        HostIdRange[] used = [new(IdPool.First + 65535, 1)];
        Assert.Equal(new HostIdRange(IdPool.First + 65536, Count), IdRangeAllocator.Find(used, IdPool.First, Count));
    }

    [Fact]
    public void A_gap_that_is_one_id_too_small_is_passed_over()
    {
        HostIdRange[] used = [new(IdPool.First + Count - 1, 1), new(IdPool.First + (2 * Count) + 1, 1)];
        Assert.Equal(new HostIdRange(IdPool.First + Count, Count), IdRangeAllocator.Find(used, IdPool.First, Count));
    }

    [Fact]
    public void A_full_pool_gives_nothing()
    {
        Assert.Null(IdRangeAllocator.Find([new HostIdRange(IdPool.First, IdPool.Count - Count + 1)], IdPool.First, Count));
    }

    [Fact]
    public void Random_allocations_never_overlap()
    {
        Random random = new(20260801);
        List<HostIdRange> used = [];
        uint next = IdPool.First;
        for (int i = 0; i < 3000; i++)
        {
            if (used.Count > 500 && random.Next(3) > 0)
            {
                used.RemoveAt(random.Next(used.Count));
                continue;
            }

            HostIdRange range = IdRangeAllocator.Find(used, next, (uint)random.Next(1, 300_000))!.Value;
            Assert.DoesNotContain(used, range.Overlaps);
            Assert.True(IdPool.Contains(range.Base) && IdPool.Contains(range.End - 1));
            used.Add(range);
            next = range.End;
        }
    }
}
