using System.Runtime.InteropServices;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>A dispatcher behind which there is no device: requests go in and replies come out as byte arrays.</summary>
internal sealed class DispatcherHarness
{
    /// <summary>Every flag of the protocol.</summary>
    public const ulong AllFlags = 0x7FF_7FFF_FFFF;

    public DispatcherHarness(
        FuseFileSystem fileSystem, FuseInitOptions? options = null, ulong? kernelFlags = AllFlags, IBackingFiles? backingFiles = null)
    {
        FuseSessionOptions session = new() { Log = Log.Add, BackingFiles = backingFiles };
        Dispatcher = new FuseDispatcher(fileSystem, options ?? new FuseInitOptions { MaxTransfer = 131072 }, session);
        Slot = Dispatcher.CreateSlot(Channel);
        Reply = new byte[Dispatcher.ReplyBufferSize];
        if (kernelFlags is { } flags)
        {
            Assert.Equal(80, Send(Packet.Init(flags)).Length);
            Assert.NotNull(Dispatcher.Connection);
        }
    }

    public FuseDispatcher Dispatcher { get; }

    public RequestSlot Slot { get; }

    public RecordingChannel Channel { get; } = new();

    public List<string> Log { get; } = [];

    private byte[] Reply { get; }

    public byte[] Send(ReadOnlySpan<byte> request)
    {
        int length = Dispatcher.Dispatch(Slot, request, Reply);
        return Reply[..length];
    }

    public int SendForError(ReadOnlySpan<byte> request)
    {
        byte[] reply = Send(request);
        Assert.Equal(16, reply.Length);
        FuseOutHeader header = MemoryMarshal.Read<FuseOutHeader>(reply);
        Assert.Equal((16u, MemoryMarshal.Read<ulong>(request[8..])), (header.Len, header.Unique.Value));
        return -header.Error;
    }
}
