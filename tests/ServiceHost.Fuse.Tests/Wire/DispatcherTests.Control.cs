using System.Text;

namespace ServiceHost.Fuse.Tests.Wire;

public sealed partial class DispatcherTests
{
    [Fact]
    public void Init()
    {
        DispatcherHarness harness = new(new EchoFileSystem(), kernelFlags: null);
        byte[] reply = harness.Send(Packet.Request(FuseOpcode.Init, Annotated.Bytes($"""
            07 00 00 00 2D 00 00 00 | 7.45
            00 00 02 00             | max_readahead
            FB FF FF 73             | flags of Linux 6.18
            EC 07 00 00             | flags2
            {Zeros(44)}             | unused
            """)));
        Assert.Equal(
            Annotated.Bytes($"""
                50 00 00 00             | len 80
                00 00 00 00             | error
                22 11 00 00 00 00 00 00 | unique
                07 00 00 00 2D 00 00 00 | 7.45
                00 00 02 00             | max_readahead
                21 90 64 40             | flags ASYNC_READ BIG_WRITES AUTO_INVAL_DATA ASYNC_DIO PARALLEL_DIROPS ABORT_ERROR MAX_PAGES INIT_EXT
                40 00 30 00             | max_background 64, congestion_threshold 48
                00 00 02 00             | max_write 131072
                01 00 00 00             | time_gran
                20 00 00 00             | max_pages 32, map_alignment
                00 04 00 00             | flags2 REQUEST_TIMEOUT
                00 00 00 00             | max_stack_depth
                B4 00                   | request_timeout 180
                {Zeros(22)}             | unused
                """),
            reply);
    }

    [Fact]
    public void Destroy() => Exchange(FuseOpcode.Destroy, "", "Destroy", "");

    [Fact]
    public void Syncfs() => Exchange(FuseOpcode.Syncfs, "00 00 00 00 00 00 00 00 | padding", "Syncfs n51", "");

    [Fact]
    public void Interrupt_of_nothing() => ExchangeWithoutReply(FuseOpcode.Interrupt, "04 00 00 00 00 00 00 00 | unique");

    [Fact]
    public void Notify_reply_reaches_who_asked_for_it()
    {
        string received = string.Empty;
        FuseNotifier notifier = _harness.Dispatcher.CreateNotifier(_harness.Channel);
        notifier.Retrieve(new NodeId(9), 4096, 5, (node, offset, data) => received += $"{node}@{offset} {Encoding.ASCII.GetString(data)}");
        byte[] reply = Packet.Request(
            FuseOpcode.NotifyReply,
            Annotated.Bytes($"""
                00 00 00 00 00 00 00 00 | dummy1
                00 10 00 00 00 00 00 00 | offset
                05 00 00 00             | size
                00 00 00 00 {Zeros(16)} | dummies
                68 65 6C 6C 6F          | "hello"
                """),
            unique: 1);
        Assert.Empty(_harness.Send(reply));
        Assert.Empty(_harness.Send(reply)); // once: the second time nobody waits
        Assert.Equal("9@4096 hello", received);
    }

    [Fact]
    public void What_is_unknown_is_answered_with_ENOSYS()
    {
        foreach (uint opcode in new uint[] { 0, 7, 19, 54, 4096, 1048576, 436207616, uint.MaxValue })
        {
            Assert.Equal(38, _harness.SendForError(Packet.Request((FuseOpcode)opcode, new byte[20])));
        }

        Assert.Equal(8, _harness.Dispatcher.Statistics.UnknownOpcodes);
        Assert.Empty(_fileSystem.Calls);
    }
}
