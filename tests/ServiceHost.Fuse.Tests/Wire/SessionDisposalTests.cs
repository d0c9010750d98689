using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>A session whose kernel is a socket: it sends what the test sends, and sees when the device is closed.</summary>
public sealed class SessionDisposalTests : IDisposable
{
    private static readonly TimeSpan s_patience = Wait.Patience;
    private readonly SeqpacketSocket _kernel;
    private readonly Gated _fileSystem = new();
    private readonly FuseSession _session;
    private readonly Thread _running;
    private FuseSessionEnd? _end;

    public SessionDisposalTests()
    {
        Assert.Equal(Errno.None, SeqpacketSocket.CreatePair(SeqpacketOptions.None, out SeqpacketSocket? kernel, out SeqpacketSocket? device));
        _kernel = kernel!;
        _session = new FuseSession(_fileSystem, new FuseInitOptions(), [device!.Handle]);
        _running = new Thread(() => _end = _session.Run());
    }

    [Fact]
    public void A_session_whose_INIT_never_comes_ends_and_closes_its_device()
    {
        _running.Start();
        Assert.True(_fileSystem.Started.Wait(s_patience));
        _session.Dispose();
        Assert.True(_running.Join(s_patience));
        Assert.Equal(FuseSessionEndReason.Stopped, _end!.Reason);
        Assert.Equal(Errno.ECONNRESET, Receive());
    }

    [Fact]
    public void The_operation_in_hand_keeps_its_device_until_it_is_done()
    {
        _running.Start();
        Assert.Equal(Errno.None, _kernel.Send(Packet.Init(0), [], Deadline.In(s_patience)));
        Assert.True(_fileSystem.Inside.Wait(s_patience));
        Thread disposing = new(_session.Dispose);
        disposing.Start();
        Assert.False(disposing.Join(TimeSpan.FromMilliseconds(200)));
        Assert.False(_fileSystem.Ended);

        _fileSystem.Go.Set();
        Assert.True(disposing.Join(s_patience));
        Assert.True(_fileSystem.Ended);
        Assert.Equal(Errno.None, Receive());
        Assert.Equal(Errno.ECONNRESET, Receive());
    }

    [Fact]
    public void A_disposed_session_does_not_run()
    {
        _session.Dispose();
        _session.Dispose();
        Assert.Throws<ObjectDisposedException>(_session.Run);
        Assert.False(_fileSystem.Started.IsSet);
    }

    public void Dispose()
    {
        _fileSystem.Go.Set();
        _session.Dispose();
        _kernel.Dispose();
    }

    private Errno Receive()
    {
        Errno errno = _kernel.Receive(65536, 0, Deadline.In(s_patience), out ReceivedPacket? packet);
        packet?.Dispose();
        return errno;
    }

    private sealed class Gated : FuseFileSystem
    {
        public ManualResetEventSlim Started { get; } = new();

        public ManualResetEventSlim Inside { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public bool Ended { get; private set; }

        public override void OnWorkerStart(int worker) => Started.Set();

        public override void OnInit(FuseConnection connection, FuseNotifier notifier)
        {
            Inside.Set();
            Go.Wait();
        }

        public override void OnSessionEnd() => Ended = true;
    }
}
