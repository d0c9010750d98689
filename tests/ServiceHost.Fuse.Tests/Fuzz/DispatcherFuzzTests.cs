using System.Runtime.InteropServices;
using ServiceHost.Fuse.Tests.Wire;

namespace ServiceHost.Fuse.Tests.Fuzz;

/// <summary>
/// Mutations of real traffic and of what the opcode table makes. No exception leaves the dispatcher or is caught inside, every reply is one that
/// the kernel takes, nothing outside of the packet is looked at, nothing outside of the reply is written. FUSERVICE_LONG=1 runs a million.
/// </summary>
public sealed class DispatcherFuzzTests(ITestOutputHelper output)
{
    private const int Guard = 64;
    private const int Seed = 7045;
    private readonly FuzzFileSystem _fileSystem = new();

    private static int Cases => Environment.GetEnvironmentVariable("FUSERVICE_LONG") == "1" ? 1_000_000 : 50_000;

    [Fact]
    public void No_packet_escapes_the_dispatcher()
    {
        List<byte[]> seeds = [.. Corpus.Load(), .. FromTheTable()];
        PacketMutator mutator = new(Seed, seeds);
        DispatcherHarness harness = NewHarness();
        byte[] room = new byte[seeds.Max(seed => seed.Length) * 8 + 4096];
        byte[] reply = new byte[harness.Dispatcher.ReplyBufferSize + Guard];
        long answered = 0;
        long succeeded = 0;
        for (int i = 0; i < Cases; i++)
        {
            byte[] packet = mutator.Next();
            byte[] first = Run(ref harness, packet, room, reply, guard: 0x00, out int firstSeen);
            byte[] second = Run(ref harness, packet, room, reply, guard: 0xFF, out int secondSeen);
            if (firstSeen != secondSeen || !first.AsSpan().SequenceEqual(second))
            {
                Assert.Fail($"Case {i}: bytes outside of the packet count: {Convert.ToHexString(packet)}");
            }

            Assert.True(IsGoodReply(packet, first), $"Case {i}: a reply that the kernel would not take: {Convert.ToHexString(packet)}");
            answered += first.Length == 0 ? 0 : 1;
            succeeded += first.Length != 0 && MemoryMarshal.Read<int>(first.AsSpan(4)) == 0 ? 1 : 0;
        }

        output.WriteLine($"{Cases} packets from {seeds.Count} seeds, {answered} answered, {succeeded} of them with success.");

        // A fuzz run that only meets the first check proves nothing.
        Assert.InRange(succeeded, Cases / 10, Cases);
        Assert.InRange(answered - succeeded, Cases / 10, Cases);
    }

    private static IEnumerable<byte[]> FromTheTable() =>
        OpcodeInfo.All.Where(info => info.Opcode != FuseOpcode.Init)
            .Select(info => Packet.Request(info.Opcode, MalformedRequestTests.ValidBody(info))).Append(Packet.Init(DispatcherHarness.AllFlags));

    private DispatcherHarness NewHarness() => new(_fileSystem, new FuseInitOptions
    {
        MaxTransfer = 8192,
        Wanted = FuseInitOptions.DefaultFlags | FuseInitFlags.SetxattrExt | FuseInitFlags.ExportSupport,
    });

    private byte[] Run(ref DispatcherHarness harness, byte[] packet, byte[] room, byte[] reply, byte guard, out int seen)
    {
        // INIT is only read by a dispatcher that has not seen one, and interrupts leave traces: both runs start alike.
        bool isInit = packet.Length >= 8 && MemoryMarshal.Read<FuseOpcode>(packet.AsSpan(4)) == FuseOpcode.Init;
        bool isInterrupt = packet.Length >= 8 && MemoryMarshal.Read<FuseOpcode>(packet.AsSpan(4)) == FuseOpcode.Interrupt;
        DispatcherHarness used = isInit ? new DispatcherHarness(_fileSystem, kernelFlags: null) : harness;
        byte[] target = isInit ? new byte[used.Dispatcher.ReplyBufferSize + Guard] : reply;
        room.AsSpan(0, packet.Length + (2 * Guard)).Fill(guard);
        packet.CopyTo(room, Guard);
        target.AsSpan(target.Length - Guard).Fill(0xC3);
        _fileSystem.Reset();
        int length = used.Dispatcher.Dispatch(used.Slot, room.AsSpan(Guard, packet.Length), target.AsSpan(0, target.Length - Guard));
        seen = _fileSystem.Seen.ToHashCode();
        Assert.Equal(-1, target.AsSpan(target.Length - Guard).IndexOfAnyExcept((byte)0xC3));
        Assert.True(used.Dispatcher.Statistics.Faults == 0, $"{Convert.ToHexString(packet)}: {string.Join('\n', used.Log)}");
        harness = isInterrupt ? NewHarness() : harness;
        return target[..length];
    }

    private static bool IsGoodReply(byte[] packet, byte[] reply)
    {
        if (!MemoryMarshal.TryRead(packet, out FuseInHeader request))
        {
            return reply.Length == 0;
        }

        OpcodeInfo? info = OpcodeInfo.Find(request.Opcode);
        bool mayBeSilent = info is { IsAnswered: false } or { Opcode: FuseOpcode.Setlkw };
        if (reply.Length == 0)
        {
            return mayBeSilent;
        }

        FuseOutHeader header = MemoryMarshal.Read<FuseOutHeader>(reply);
        return header.Len == reply.Length && header.Unique == request.Unique && header.Error is <= 0 and > -512 &&
            info is not { IsAnswered: false } &&
            (header.Error == 0 ? IsGoodBody(info!, reply.Length - 16) : reply.Length == 16);
    }

    private static bool IsGoodBody(OpcodeInfo info, int length) =>
        info.Reply == ReplyKind.Fixed ? length == info.ReplySize : length <= 65536 * 2;
}
