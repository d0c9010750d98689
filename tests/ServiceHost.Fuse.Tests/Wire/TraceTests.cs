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
}
