using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

public sealed class IoModesTests
{
    private const int None = -1;
    private const int SomeFile = 7;
    private readonly ScriptedBackingFiles _files = new();
    private readonly IoModes _modes = new();
    private InodeIo _inode;

    public IoModesTests() => _modes.Start(ConnectionWith(_files));

    [Theory]
    [InlineData(IoMode.Cached)]
    [InlineData(IoMode.Direct)]
    public void Without_a_file_to_register_the_first_open_is_ordinary_and_the_later_ones_follow(IoMode ordinary)
    {
        Assert.Equal(new IoGrant(ordinary), Begin(None, ordinary));
        Assert.True(_modes.TryJoin(ref _inode, writes: true, out IoGrant second));
        Assert.Equal(new IoGrant(ordinary), second);
        Assert.Equal((2, 0), (_inode.Opens, _files.Asked));
        LeaveAll();
        Assert.False(_modes.TryJoin(ref _inode, writes: false, out _));
    }

    [Fact]
    public void An_id_lives_from_the_first_open_to_the_last_release()
    {
        IoGrant first = Begin(SomeFile);
        Assert.Equal((IoMode.Passthrough, 1), (first.Mode, first.BackingId));
        Assert.True(_modes.TryJoin(ref _inode, writes: true, out IoGrant second));
        Assert.Equal(first, second);
        _modes.Leave(ref _inode);
        Assert.Equal([1], _files.Living);
        _modes.Leave(ref _inode);
        Assert.Empty(_files.Living);
        Assert.Equal(2, Begin(SomeFile).BackingId);
        LeaveAll();
        Assert.Equal((2, 2, 3), (_modes.Counters.Registered, _modes.Counters.Released, _modes.Counters.PassthroughOpens));
    }

    [Fact]
    public void A_writer_is_turned_away_only_from_what_is_registered_for_reading()
    {
        Begin(SomeFile, isWritable: false);
        Assert.True(_modes.TryJoin(ref _inode, writes: true, out IoGrant writer));
        Assert.True(writer.IsBusy);
        Assert.True(_modes.TryJoin(ref _inode, writes: false, out IoGrant reader));
        Assert.False(reader.IsBusy);
        Assert.Equal((2, 1), (_inode.Opens, _modes.Counters.Busy));
        LeaveAll();
        Begin(SomeFile, isWritable: true);
        Assert.True(_modes.TryJoin(ref _inode, writes: true, out IoGrant later));
        Assert.False(later.IsBusy);
        LeaveAll();
    }

    [Theory]
    [InlineData(40)] // ELOOP
    [InlineData(28)] // ENOSPC
    [InlineData(1)] // EPERM
    public void A_refused_file_is_ordinary_and_the_next_one_is_tried_again(int errno)
    {
        _files.Answer = new Errno(errno);
        Assert.Equal(IoMode.Cached, Begin(SomeFile).Mode);
        LeaveAll();
        _files.Answer = Errno.None;
        Assert.Equal(IoMode.Passthrough, Begin(SomeFile).Mode);
        LeaveAll();
        Assert.True(_modes.CanRegister);
        IoModeCounters counters = _modes.Counters;
        Assert.Equal(
            (errno == 40 ? 1 : 0, errno == 28 ? 1 : 0, errno == 1 ? 1 : 0),
            (counters.RefusedAsStacked, counters.RefusedByQuota, counters.RefusedOtherwise));
    }

    [Theory]
    [InlineData(107)] // ENOTCONN
    [InlineData(95)] // EOPNOTSUPP
    public void When_nobody_registers_any_more_nobody_is_asked(int errno)
    {
        _files.Answer = new Errno(errno);
        Assert.Equal(IoMode.Cached, Begin(SomeFile).Mode);
        LeaveAll();
        Assert.False(_modes.CanRegister);
        Begin(SomeFile);
        LeaveAll();
        Assert.Equal(1, _files.Asked);
    }

    [Fact]
    public void Of_two_first_opens_the_slower_one_joins_and_gives_its_id_back()
    {
        _files.During = () =>
        {
            _files.During = null;
            Begin(SomeFile);
        };
        IoGrant slower = Begin(SomeFile);
        Assert.Equal((1, 2), (slower.BackingId, _inode.Opens));
        Assert.Equal([1], _files.Living);
        LeaveAll();
        Assert.Empty(_files.Living);
    }

    [Fact]
    public void A_first_open_that_loses_to_a_cached_one_is_cached()
    {
        _files.During = () =>
        {
            _files.During = null;
            Begin(None);
        };
        Assert.Equal(new IoGrant(IoMode.Cached), Begin(SomeFile));
        Assert.Empty(_files.Living);
        LeaveAll();
    }

    [Theory]
    [InlineData(IoMode.Cached, FopenFlags.KeepCache | FopenFlags.NoFlush)]
    [InlineData(IoMode.Direct, FopenFlags.DirectIo | FopenFlags.ParallelDirectWrites | FopenFlags.NoFlush)]
    [InlineData(IoMode.Passthrough, FopenFlags.Passthrough | FopenFlags.DirectIo | FopenFlags.ParallelDirectWrites | FopenFlags.NoFlush)]
    public void Flags_that_the_kernel_would_not_take_together_are_not_sent(IoMode mode, FopenFlags expected)
    {
        FuseOpenOut open = default;
        const FopenFlags wished =
            FopenFlags.KeepCache | FopenFlags.NoFlush | FopenFlags.ParallelDirectWrites | FopenFlags.DirectIo | FopenFlags.CacheDir;
        new IoGrant(mode, 5).Answer(wished, ref open);
        Assert.Equal((expected, 5), (open.OpenFlags, open.BackingId));
    }

    /// <summary>Whatever the interleaving: while an inode is open all have the same mode and id, and in the end no id is left.</summary>
    [Fact]
    public void Opens_and_releases_of_many_threads_agree_at_every_moment()
    {
        const int threads = 4;
        const int rounds = 20_000;
        string? failure = null;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(seed => new Thread(() => Hammer(seed)))];
        Array.ForEach(workers, static worker => worker.Start());
        Array.ForEach(workers, static worker => worker.Join());
        Assert.Null(failure);
        Assert.Equal(0, _inode.Opens);
        Assert.Empty(_files.Living);
        Assert.Equal(_modes.Counters.Registered, _modes.Counters.Released);

        void Hammer(int seed)
        {
            Random random = new(seed);
            for (int i = 0; i < rounds; i++)
            {
                bool isOpen = _modes.TryJoin(ref _inode, writes: false, out IoGrant grant);
                grant = isOpen ? grant : Begin(random.Next(4) == 0 ? None : SomeFile);
                _modes.TryJoin(ref _inode, writes: false, out IoGrant beside);
                if (beside != grant)
                {
                    Interlocked.CompareExchange(ref failure, $"{beside} beside {grant}", null);
                }

                _modes.Leave(ref _inode);
                _modes.Leave(ref _inode);
            }
        }
    }

    private IoGrant Begin(int fd, IoMode ordinary = IoMode.Cached, bool isWritable = true) =>
        _modes.Begin(ref _inode, ordinary, new Fd(fd), isWritable, writes: false);

    private void LeaveAll()
    {
        while (_inode.Opens > 0)
        {
            _modes.Leave(ref _inode);
        }
    }

    private static FuseConnection ConnectionWith(IBackingFiles files) =>
        new DispatcherHarness(new EchoFileSystem(), new FuseInitOptions { Wanted = FuseInitFlags.Passthrough }, backingFiles: files).Dispatcher.Connection!;
}
