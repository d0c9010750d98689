using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>Every order of a request, its interrupt, its deferral and its completion.</summary>
public sealed class DeferredAndInterruptTests
{
    private readonly ScriptedLocks _fileSystem = new();
    private readonly DispatcherHarness _harness;
    private readonly RequestSlot _other;

    public DeferredAndInterruptTests()
    {
        _harness = new DispatcherHarness(_fileSystem);
        _other = _harness.Dispatcher.CreateSlot(_harness.Channel);
        _other.Sleep();
    }

    [Fact]
    public void A_deferred_request_is_answered_once_by_its_token()
    {
        Assert.Empty(_harness.Send(Setlkw(10)));
        Assert.True(_fileSystem.Token!.TryComplete(Errno.None));
        Assert.False(_fileSystem.Token.TryComplete(Errno.EINTR));
        Assert.Equal(Packet.Bytes(new FuseOutHeader { Len = 16, Unique = new RequestId(10) }), Assert.Single(_harness.Channel.Messages));
    }

    [Fact]
    public void A_deferred_request_with_a_reply_structure_takes_that_structure_only()
    {
        Assert.Empty(_harness.Send(Packet.Request(FuseOpcode.Poll, new byte[24], unique: 10)));
        Assert.Throws<ArgumentException>(() => _fileSystem.Token!.TryComplete(Errno.None));
        Assert.Throws<ArgumentException>(() => _fileSystem.Token!.TryComplete(new FuseAttrOut()));
        Assert.True(_fileSystem.Token!.TryComplete(new FusePollOut { Revents = 5 }));
        Assert.Equal(24, Assert.Single(_harness.Channel.Messages).Length);
    }

    [Fact]
    public void An_error_after_deferring_completes_the_token()
    {
        _fileSystem.Result = Errno.ENOLCK;
        Assert.Empty(_harness.Send(Setlkw(10)));
        Assert.False(_fileSystem.Token!.TryComplete(Errno.None));
        Assert.Equal(Packet.Bytes(new FuseOutHeader { Len = 16, Error = -37, Unique = new RequestId(10) }), Assert.Single(_harness.Channel.Messages));
    }

    [Fact]
    public void An_exception_after_deferring_completes_the_token_with_EIO()
    {
        _fileSystem.InHandler = () => throw new InvalidOperationException("after all");
        Assert.Empty(_harness.Send(Setlkw(10)));
        Assert.Equal(Packet.Bytes(new FuseOutHeader { Len = 16, Error = -5, Unique = new RequestId(10) }), Assert.Single(_harness.Channel.Messages));
    }

    [Fact]
    public void Interrupt_after_deferring_cancels_the_token()
    {
        _harness.Send(Setlkw(10));
        Assert.False(_fileSystem.Token!.Interrupted.IsCancellationRequested);
        Assert.Empty(_harness.Send(Interrupt(10)));
        Assert.True(_fileSystem.Token.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public void Interrupt_while_the_handler_runs_is_seen_by_it_and_by_a_token_taken_later()
    {
        _fileSystem.DeferFirst = false;
        _fileSystem.InHandler = () => SendOnOtherSlot(Interrupt(10));
        _harness.Send(Setlkw(10));
        Assert.True(_fileSystem.WasInterrupted);
        Assert.True(_fileSystem.Token!.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public void Interrupt_before_its_victim_is_kept_for_a_worker_that_is_reading()
    {
        // The first slot may have read request 10 already; nobody can know.
        Assert.Equal(0, SendOnOtherSlot(Interrupt(10)));
        _harness.Send(Setlkw(10));
        Assert.True(_fileSystem.Token!.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public void A_kept_interrupt_goes_when_its_worker_begins_another_request()
    {
        SendOnOtherSlot(Interrupt(10));
        _harness.Send(Setlkw(12));
        Assert.False(_fileSystem.Token!.Interrupted.IsCancellationRequested);
        _harness.Send(Setlkw(10));
        Assert.False(_fileSystem.Token.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public void A_kept_interrupt_goes_when_its_worker_goes_to_sleep()
    {
        SendOnOtherSlot(Interrupt(10));
        _harness.Slot.Sleep();
        _harness.Slot.Wake();
        _harness.Send(Setlkw(10));
        Assert.False(_fileSystem.Token!.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public void An_interrupt_that_came_too_late_does_not_hit_the_next_request()
    {
        _fileSystem.DeferFirst = false;
        _fileSystem.NeverDefer = true;
        _harness.Send(Setlkw(10));
        _fileSystem.InHandler = () => SendOnOtherSlot(Interrupt(10));
        _harness.Send(Setlkw(12));
        Assert.False(_fileSystem.WasInterrupted);
    }

    [Fact]
    public void A_resent_request_is_found_under_its_old_number()
    {
        _harness.Send(Setlkw(10 | (1UL << 63)));
        Assert.True(_fileSystem.Token!.Unique.IsResend);
        _harness.Send(Interrupt(10 | (1UL << 63)));
        Assert.True(_fileSystem.Token.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public void An_interrupt_reaches_a_resent_request_in_both_hands()
    {
        _fileSystem.DeferFirst = false;
        _fileSystem.NeverDefer = true;
        List<bool> interrupted = [];
        int depth = 0;
        _fileSystem.InHandler = () =>
        {
            if (depth++ == 0)
            {
                SendOnOtherSlot(Setlkw(10 | (1UL << 63)));
                interrupted.Add(_fileSystem.WasInterrupted);
            }
            else
            {
                _harness.Dispatcher.Interrupts.Interrupt(new RequestId(10));
            }
        };
        _harness.Send(Setlkw(10));
        Assert.Equal([true, true], interrupted.Append(_fileSystem.WasInterrupted));
    }

    [Fact]
    public void When_too_many_are_kept_EAGAIN_has_the_interrupt_sent_again()
    {
        for (ulong i = 1; i <= 64; i++)
        {
            Assert.Equal(0, SendOnOtherSlot(Interrupt(2 * i)));
        }

        byte[] reply = new byte[_harness.Dispatcher.ReplyBufferSize];
        int length = _harness.Dispatcher.Dispatch(_other, Interrupt(1000), reply);
        Assert.Equal(Packet.Bytes(new FuseOutHeader { Len = 16, Error = -11, Unique = new RequestId(1001) }), reply[..length]);
    }

    [Fact]
    public void What_takes_no_answer_or_a_variable_one_cannot_be_deferred()
    {
        Assert.Equal(5, _harness.SendForError(Packet.Request(FuseOpcode.Read, MalformedRequestTests.ValidBody(MalformedRequestTests.Info("READ")))));
        Assert.Equal(1, _harness.Dispatcher.Statistics.Faults);
        Assert.Contains("cannot be deferred", Assert.Single(_harness.Log), StringComparison.Ordinal);
    }

    private static byte[] Setlkw(ulong unique) => Packet.Request(FuseOpcode.Setlkw, new byte[48], unique: unique);

    private static byte[] Interrupt(ulong victim) => Packet.Request(FuseOpcode.Interrupt, BitConverter.GetBytes(victim), unique: victim | 1);

    private int SendOnOtherSlot(byte[] request)
    {
        _other.Wake();
        int length = _harness.Dispatcher.Dispatch(_other, request, new byte[_harness.Dispatcher.ReplyBufferSize]);
        _other.Sleep();
        return length;
    }

    private sealed class ScriptedLocks : FuseFileSystem
    {
        public DeferredReply? Token { get; private set; }

        public bool WasInterrupted { get; private set; }

        public bool DeferFirst { get; set; } = true;

        public bool NeverDefer { get; set; }

        public Errno Result { get; set; }

        public Action InHandler { get; set; } = () => { };

        public override Errno Setlk(in RequestContext ctx, NodeId node, in FuseLkIn request, bool wait)
        {
            if (DeferFirst)
            {
                Token = ctx.Defer();
            }

            InHandler();
            WasInterrupted = ctx.IsInterrupted;
            if (!DeferFirst && !NeverDefer)
            {
                Token = ctx.Defer();
            }

            return Result;
        }

        public override Errno Poll(in RequestContext ctx, NodeId node, in FusePollIn request, out uint revents)
        {
            revents = 0;
            Token = ctx.Defer();
            return Errno.None;
        }

        public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
        {
            count = 0;
            ctx.Defer();
            return Errno.None;
        }
    }
}
