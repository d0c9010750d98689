using ServiceHost.Linux;
using ServiceHost.Recorded;

namespace ServiceHost.MountProtocol.Tests;

/// <summary>What libfuse's programs really said: every packet is understood, and would be written with the same bytes.</summary>
public sealed class RecordedPacketTests
{
    public static TheoryData<string> Recordings => [.. RecordedConversation.Names];

    [Fact]
    public void There_are_recordings_of_both_sides() => Assert.True(RecordedConversation.Names.Count >= 5);

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Every_packet_is_read_and_written_byte_for_byte(string recording)
    {
        foreach (RecordedPacket packet in RecordedConversation.Load(recording).Packets)
        {
            Assert.Equal(Convert.ToHexString(packet.Bytes), Convert.ToHexString(Again(packet.Bytes)));
        }
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void The_argument_memfd_of_libfuse_is_read(string recording)
    {
        byte[] content = RecordedConversation.Load(recording).Arguments;
        Assert.True(Libc.MemfdCreate(CString.FromTerminated("recorded\0"u8), out OwnedFd fd).IsOk);
        using (fd)
        {
            Assert.True(Libc.Pwrite(fd, content, 0, out _).IsOk);
            Assert.Equal(ArgumentFault.None, ArgumentMemfd.TryRead(fd, out byte[][] arguments));
            string[] words = [.. arguments.Select(System.Text.Encoding.ASCII.GetString)];
            Assert.Equal(WordsOf(recording), words);
        }
    }

    /// <summary>The command lines that are in the head of each recording: the type, the source if it takes one, the mountpoint, options.</summary>
    private static string[] WordsOf(string recording) => recording switch
    {
        "v1-null.txt" => ["null", "/mnt/null"],
        "v1-passthrough.txt" => ["passthrough", "/srv/tree", "/mnt", "-o", "rw,noatime,cache=never"],
        "v1-passthrough-no-source.txt" => ["passthrough", "/srv/none", "/mnt"],
        "v1-passthrough-unknown-option.txt" => ["passthrough", "/srv/tree", "/mnt", "-o", "nosuch"],
        "v1-service_hl.txt" => ["service_hl", "/srv/image", "/mnt"],
        "v1-service_ll.txt" => ["service_ll", "/srv/image", "/mnt", "-o", "ro,allow_other"],
        _ => throw new ArgumentException($"What was recorded in '{recording}'?", nameof(recording)),
    };

    private static byte[] Again(byte[] packet)
    {
        Assert.True(((ReadOnlySpan<byte>)packet).TryReadTag(out Tag tag));
        PacketCase message = PacketCase.Find(tag.ToWireText());
        byte[]? again = message.DecodeAndEncode(packet);
        Assert.True(again is not null, $"{tag.ToWireText()} was refused");
        return again;
    }
}
