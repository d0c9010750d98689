namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>
/// One exchange for every opcode: the request as bytes, what the filesystem must have been asked, the reply as bytes. A test at the end
/// counts that none is missing.
/// </summary>
public sealed partial class DispatcherTests
{
    private readonly EchoFileSystem _fileSystem = new();
    private readonly DispatcherHarness _harness;

    public DispatcherTests() => _harness = new DispatcherHarness(_fileSystem, new FuseInitOptions
    {
        MaxTransfer = 131072,
        Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.SetxattrExt,
    });

    [Fact]
    public void A_whole_packet_in_bytes()
    {
        byte[] reply = _harness.Send(Annotated.Bytes("""
            2E 00 00 00             | len 46
            01 00 00 00             | opcode LOOKUP
            22 11 00 00 00 00 00 00 | unique
            33 00 00 00 00 00 00 00 | nodeid
            E8 03 00 00             | uid 1000
            E9 03 00 00             | gid 1001
            67 12 00 00             | pid 4711
            00 00                   | total_extlen
            00 00                   | padding
            68 65 6C 6C 6F 00       | "hello"
            """));
        Assert.Equal("Lookup n51 hello u1000 g1001 p4711 #1122", _fileSystem.Last);
        Assert.Equal(
            Annotated.Bytes("""
                90 00 00 00             | len 144
                00 00 00 00             | error
                22 11 00 00 00 00 00 00 | unique

                """ + ReplyBytes.Entry),
            reply);
    }

    [Fact]
    public void Every_opcode_of_the_table_has_an_exchange_in_this_class()
    {
        string source = string.Concat(Directory.EnumerateFiles(SourceFolder(), "DispatcherTests*.cs").Select(File.ReadAllText));
        Assert.All(OpcodeInfo.All, info => Assert.Contains($"FuseOpcode.{info.Opcode},", source, StringComparison.Ordinal));
    }

    /// <summary>The reply's body; the header is checked here.</summary>
    private void Exchange(FuseOpcode opcode, string request, string expectedCall, string expectedReply, int extensionSize = 0)
    {
        byte[] reply = _harness.Send(Packet.Request(opcode, Annotated.Bytes(request), extensionSize));
        byte[] body = Annotated.Bytes(expectedReply);
        Assert.Equal(expectedCall, _fileSystem.Last);
        Assert.Equal(Packet.Bytes(new FuseOutHeader { Len = (uint)(16 + body.Length), Unique = new RequestId(Packet.Unique) }), reply[..16]);
        Assert.Equal(body, reply[16..]);
        Assert.Equal(1, _harness.Dispatcher.Statistics.Requests(opcode));
    }

    private void ExchangeWithoutReply(FuseOpcode opcode, string request, params string[] expectedCalls)
    {
        Assert.Empty(_harness.Send(Packet.Request(opcode, Annotated.Bytes(request))));
        Assert.Equal(expectedCalls, _fileSystem.Calls);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetDirectoryName(TestFiles.Real(file))!;
}
