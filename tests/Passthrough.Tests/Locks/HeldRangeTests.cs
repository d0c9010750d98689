using Servers.Passthrough;
using ServiceHost.Linux;

namespace Passthrough.Tests;

public class HeldRangeTests
{
    private const int Length = 24;

    [Fact]
    public void A_record_of_random_changes_says_of_every_byte_what_the_last_change_said()
    {
        Random random = new(20);
        HeldRange[] held = [];
        LockType[] expected = Enumerable.Repeat(LockType.Unlock, Length).ToArray();
        for (int i = 0; i < 5000; i++)
        {
            int start = random.Next(Length);
            int end = random.Next(start, Length);
            LockType type = (LockType)random.Next(3);
            held = HeldRange.Apply(held, new HeldRange(start, end, type));
            Array.Fill(expected, type, start, end - start + 1);
            Assert.Equal(expected, Enumerable.Range(0, Length).Select(at => TypeAt(held, at)));
            Assert.InRange(held.Length, 0, Length);
        }
    }

    [Fact]
    public void Neighbours_of_one_type_become_one_range()
    {
        HeldRange[] held = [];
        for (int i = 0; i < 1000; i++)
        {
            held = HeldRange.Apply(held, new HeldRange(i, i, LockType.Write));
        }

        Assert.Equal([new HeldRange(0, 999, LockType.Write)], held);
    }

    [Fact]
    public void The_end_of_the_file_wherever_it_is_overflows_nothing()
    {
        HeldRange[] held = HeldRange.Apply([], new HeldRange(0, long.MaxValue, LockType.Read));
        held = HeldRange.Apply(held, new HeldRange(10, long.MaxValue, LockType.Write));
        Assert.Equal([new HeldRange(0, 9, LockType.Read), new HeldRange(10, long.MaxValue, LockType.Write)], held);
        Assert.Empty(HeldRange.Apply(held, new HeldRange(0, long.MaxValue, LockType.Unlock)));
    }

    private static LockType TypeAt(HeldRange[] held, int at)
    {
        HeldRange[] here = [.. held.Where(range => range.Start <= at && at <= range.End)];
        Assert.InRange(here.Length, 0, 1);
        return here.Length == 0 ? LockType.Unlock : here[0].Type;
    }
}
