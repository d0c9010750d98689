using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>What a filesystem can do wrong costs its request and leaves a trace.</summary>
public sealed class HandlerBugTests
{
    private readonly Buggy _fileSystem = new();
    private readonly DispatcherHarness _harness;

    public HandlerBugTests() => _harness = new DispatcherHarness(_fileSystem);

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void A_count_beyond_what_was_asked_for_is_EIO(int count)
    {
        _fileSystem.ReadCount = count;
        byte[] body = new byte[40];
        body[16] = 4;
        Assert.Equal(5, _harness.SendForError(Packet.Request(FuseOpcode.Read, body)));
        Assert.Contains($"reported {count} bytes", Assert.Single(_harness.Log), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_reported_together_with_an_error_means_nothing()
    {
        (_fileSystem.ReadCount, _fileSystem.ReadResult) = (-1, Errno.EBADF);
        Assert.Equal(9, _harness.SendForError(Packet.Request(FuseOpcode.Read, new byte[40])));
        Assert.Equal(0, _harness.Dispatcher.Statistics.Faults);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(4096)]
    public void There_is_never_room_for_a_name_of_no_possible_length(int length)
    {
        Assert.False(new DirEntryWriter(new byte[8192], gap: 0).HasRoomFor(length));
        Assert.False(new DirEntryPlusWriter(new byte[8192]).HasRoomFor(length));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(512)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void An_errno_that_the_kernel_would_not_take_is_EIO(int number)
    {
        _fileSystem.AccessResult = new Errno(number);
        Assert.Equal(5, _harness.SendForError(Packet.Request(FuseOpcode.Access, new byte[8])));
        Assert.Equal(1, _harness.Dispatcher.Statistics.Faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void A_directory_entry_that_is_no_name_is_EIO(string name)
    {
        _fileSystem.EntryName = name;
        Assert.Equal(5, _harness.SendForError(Packet.Request(FuseOpcode.Readdir, MalformedRequestTests.ValidBody(MalformedRequestTests.Info("READDIR")))));
        Assert.Equal(1, _harness.Dispatcher.Statistics.Faults);
    }

    [Fact]
    public void An_exception_without_anybody_to_tell_is_logged_and_not_answered()
    {
        Assert.Empty(_harness.Send(Packet.Request(FuseOpcode.Forget, new byte[8])));
        Assert.Contains("forgot to forget", Assert.Single(_harness.Log), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_exceptions_is_counted_and_its_log_is_not_a_flood()
    {
        for (int i = 0; i < 1000; i++)
        {
            _harness.Send(Packet.Request(FuseOpcode.Forget, new byte[8]));
        }

        Assert.Equal(1000, _harness.Dispatcher.Statistics.Faults);
        Assert.InRange(_harness.Log.Count, 10, 12);
    }

    [Fact]
    public void The_log_tells_after_a_while_how_much_it_left_out()
    {
        List<string> lines = [];
        TestTime time = new();
        FaultLog log = new(lines.Add, time);
        for (int i = 0; i < 25; i++)
        {
            log.Write("line");
        }

        Assert.Equal(10, lines.Count);
        time.Advance(TimeSpan.FromSeconds(10));
        log.Write("line");
        log.Write("line");
        Assert.Equal(11, lines.Count);
        Assert.Contains("15 lines", lines[10], StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_counted_by_opcode()
    {
        _fileSystem.AccessResult = Errno.EACCES;
        _harness.SendForError(Packet.Request(FuseOpcode.Access, new byte[8]));
        _fileSystem.AccessResult = Errno.None;
        _harness.Send(Packet.Request(FuseOpcode.Access, new byte[8]));
        FuseStatistics statistics = _harness.Dispatcher.Statistics;
        Assert.Equal((2L, 1L, 3L), (statistics.Requests(FuseOpcode.Access), statistics.Errors(FuseOpcode.Access), statistics.TotalRequests));
    }

    private sealed class TestTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }

    private sealed class Buggy : FuseFileSystem
    {
        public int ReadCount { get; set; }

        public Errno ReadResult { get; set; }

        public Errno AccessResult { get; set; }

        public string EntryName { get; set; } = string.Empty;

        public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
        {
            count = ReadCount;
            return ReadResult;
        }

        public override Errno Access(in RequestContext ctx, NodeId node, uint mask) => AccessResult;

        public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
        {
            entries.TryAdd(System.Text.Encoding.ASCII.GetBytes(EntryName), 1, 1, 1);
            return Errno.None;
        }

        public override void Forget(in RequestContext ctx, NodeId node, ulong nlookup) => throw new InvalidOperationException("forgot to forget");
    }
}
