using Servers.Passthrough;

namespace Passthrough.Tests;

public class SlotStateTests
{
    [Fact]
    public void A_slot_that_was_never_used_cannot_be_pinned()
    {
        SlotState state = default;
        Assert.False(state.TryPin(0));
    }

    [Fact]
    public void The_last_pin_after_retiring_is_the_one_that_closes()
    {
        SlotState state = default;
        state.Revive();
        Assert.True(state.TryPin(0));
        Assert.True(state.TryRetire(0, out bool last));
        Assert.False(last);
        Assert.False(state.TryPin(0));
        Assert.True(state.Unpin());
    }

    [Fact]
    public void Retiring_twice_does_nothing_the_second_time()
    {
        SlotState state = default;
        state.Revive();
        Assert.True(state.TryRetire(0, out bool last));
        Assert.True(last);
        Assert.False(state.TryRetire(0, out last));
        Assert.False(last);
    }

    [Fact]
    public void The_number_of_an_earlier_life_neither_pins_nor_retires()
    {
        SlotState state = default;
        state.Revive();
        state.TryRetire(0, out _);
        Assert.True(state.TryAdvance());
        Assert.False(state.TryPin(1));
        state.Revive();
        Assert.Equal(1u, state.Generation);
        Assert.False(state.TryPin(0));
        Assert.False(state.TryRetire(0, out _));
        Assert.True(state.TryPin(1));
    }

    [Fact]
    public void Pins_of_many_threads_leave_exactly_one_closer()
    {
        for (int round = 0; round < 200; round++)
        {
            SlotState[] slot = new SlotState[1];
            slot[0].Revive();
            int closers = 0;
            Parallel.For(0, 8, i =>
            {
                bool pinned = slot[0].TryPin(0);
                if (i == 3 && slot[0].TryRetire(0, out bool last) && last)
                {
                    Interlocked.Increment(ref closers);
                }

                if (pinned && slot[0].Unpin())
                {
                    Interlocked.Increment(ref closers);
                }
            });
            Assert.Equal(1, closers);
        }
    }
}
