using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

public sealed class TraceTests
{
    [Fact]
    public void A_request_and_its_reply_are_a_line_each()
    {
        List<string> lines = [];
        FuseDispatcher dispatcher = new(
            new EchoFileSystem(), new FuseInitOptions(), new FuseSessionOptions { Trace = new FuseTrace(lines.Add), Log = _ => { } });
        RequestSlot slot = dispatcher.CreateSlot(new RecordingChannel());
        byte[] reply = new byte[dispatcher.ReplyBufferSize];
        dispatcher.Dispatch(slot, Packet.Init(0), reply);
        lines.Clear();
        dispatcher.Dispatch(slot, Packet.Request(FuseOpcode.Lookup, "h\u0007llo\0"u8), reply);
        dispatcher.Dispatch(slot, Packet.Request(FuseOpcode.Rename, [7, 0, 0, 0, 0, 0, 0, 0, .. "a\0b\0"u8]), reply);
        dispatcher.Dispatch(slot, Packet.Request((FuseOpcode)99, []), reply);
        dispatcher.Dispatch(slot, Packet.Request(FuseOpcode.Forget, new byte[8]), reply);
        Assert.Equal(
            [
                "rx 4386 LOOKUP n51 u1000 g1001 p4711 6b \"h?llo|\"",
                "tx 4386 ok 128b",
                "rx 4386 RENAME n51 u1000 g1001 p4711 12b \"a|b|\"",
                "tx 4386 ok 0b",
                "rx 4386 OPCODE_99 n51 u1000 g1001 p4711 0b",
                "tx 4386 ENOSYS",
                "rx 4386 FORGET n51 u1000 g1001 p4711 8b",
            ],
            lines);
    }

    [Fact]
    public void A_deferred_answer_is_a_line_when_it_is_given()
    {
        List<string> lines = [];
        Deferring fileSystem = new();
        FuseDispatcher dispatcher = new(
            fileSystem, new FuseInitOptions(), new FuseSessionOptions { Trace = new FuseTrace(lines.Add), Log = _ => { } });
        RequestSlot slot = dispatcher.CreateSlot(new RecordingChannel());
        byte[] reply = new byte[dispatcher.ReplyBufferSize];
        dispatcher.Dispatch(slot, Packet.Init(0), reply);
        lines.Clear();
        dispatcher.Dispatch(slot, Packet.Request(FuseOpcode.Poll, new byte[24], unique: 10), reply);
        dispatcher.Dispatch(slot, Packet.Request(FuseOpcode.Setlkw, new byte[48], unique: 12), reply);
        Assert.Equal(["rx 10 POLL n51 u1000 g1001 p4711 24b", "rx 12 SETLKW n51 u1000 g1001 p4711 48b"], lines);

        lines.Clear();
        fileSystem.Tokens[1].TryComplete(Errno.EINTR);
        fileSystem.Tokens[0].TryComplete(new FusePollOut());
        fileSystem.Tokens[0].TryComplete(Errno.EIO);
        Assert.Equal(["tx 12 EINTR, deferred", "tx 10 ok 8b, deferred"], lines);
    }

    private sealed class Deferring : FuseFileSystem
    {
        public List<DeferredReply> Tokens { get; } = [];

        public override Errno Poll(in RequestContext ctx, NodeId node, in FusePollIn request, out uint revents)
        {
            revents = 0;
            Tokens.Add(ctx.Defer());
            return Errno.None;
        }

        public override Errno Setlk(in RequestContext ctx, NodeId node, in FuseLkIn request, bool wait)
        {
            Tokens.Add(ctx.Defer());
            return Errno.None;
        }
    }
}
