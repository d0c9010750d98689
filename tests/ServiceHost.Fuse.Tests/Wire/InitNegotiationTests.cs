using System.Runtime.InteropServices;

namespace ServiceHost.Fuse.Tests.Wire;

public sealed class InitNegotiationTests
{
    private const ulong Ext = (ulong)FuseInitFlags.InitExt;
    private const ulong All = DispatcherHarness.AllFlags;

    public static TheoryData<FuseInitFlags> SettableFlags =>
    [
        .. Enum.GetValues<FuseInitFlags>().Except(
        [
            FuseInitFlags.FileOps, FuseInitFlags.InitReserved, FuseInitFlags.MapAlignment, FuseInitFlags.Submounts, FuseInitFlags.HasInodeDax,
            FuseInitFlags.InitExt, FuseInitFlags.MaxPages, FuseInitFlags.RequestTimeout,
        ]),
    ];

    [Theory]
    [MemberData(nameof(SettableFlags))]
    public void A_wanted_flag_is_agreed_when_it_is_offered_and_not_otherwise(FuseInitFlags flag)
    {
        FuseInitFlags wanted = flag == FuseInitFlags.ReaddirplusAuto ? flag | FuseInitFlags.DoReaddirplus : flag;
        FuseInitOptions options = new() { Wanted = wanted, DefaultPermissions = true, RequestTimeout = 0 };
        FuseConnection with = Negotiate(options, All);
        Assert.Equal(wanted | FuseInitFlags.InitExt | FuseInitFlags.MaxPages, with.Flags);
        Assert.True(with.Has(flag));
        Assert.False(Negotiate(options, All & ~(ulong)flag).Has(flag));
        Assert.False(Negotiate(options with { Wanted = 0 }, All).Has(flag));
    }

    [Theory]
    [InlineData(All, 180, 180)]
    [InlineData(All, 0, 0)]
    [InlineData(All & ~(ulong)FuseInitFlags.RequestTimeout, 180, 0)]
    [InlineData(All & ~Ext, 180, 0)] // the second word does not count
    public void The_request_timeout_needs_its_flag(ulong offered, int wanted, int agreed)
    {
        FuseConnection connection = Negotiate(new FuseInitOptions { RequestTimeout = (ushort)wanted }, offered);
        Assert.Equal(agreed, connection.RequestTimeout);
        Assert.Equal(agreed != 0, connection.Has(FuseInitFlags.RequestTimeout));
    }

    [Theory]
    [InlineData(1 << 20, All, 1 << 20, 256)]
    [InlineData(4096, All, 4096, 1)]
    [InlineData(5000, All, 5000, 2)]
    [InlineData(FuseInitOptions.MaxMaxTransfer, All, FuseInitOptions.MaxMaxTransfer, 65535)]
    [InlineData(1 << 20, All & ~(ulong)FuseInitFlags.MaxPages, 131072, 32)]
    [InlineData(8192, All & ~(ulong)FuseInitFlags.MaxPages, 8192, 32)]
    public void Transfers_are_as_large_as_wanted_or_32_pages(int wanted, ulong offered, uint maxWrite, int maxPages)
    {
        FuseConnection connection = Negotiate(new FuseInitOptions { MaxTransfer = wanted }, offered);
        Assert.Equal((maxWrite, maxPages), (connection.MaxWrite, connection.MaxPages));
        Assert.True(connection.MaxReply >= maxPages * 4096);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(131072)]
    [InlineData(1 << 20)]
    public void Buffers_hold_what_the_kernel_may_send_and_ask_for(int transfer)
    {
        FuseDispatcher dispatcher = new(new EchoFileSystem(), new FuseInitOptions { MaxTransfer = transfer });
        Assert.True(dispatcher.RequestBufferSize >= Math.Max(8192, 80 + transfer));
        Assert.True(dispatcher.RequestBufferSize >= 40 + 16 + 256 + 65536, "the largest SETXATTR");
        Assert.True(dispatcher.ReplyBufferSize >= 16 + 16 + Math.Max(transfer, 32 * 4096));
        Assert.True(dispatcher.ReplyBufferSize >= 16 + 65536, "the largest xattr");
    }

    [Theory]
    [InlineData(45, 45)]
    [InlineData(99, 45)]
    [InlineData(31, 31)]
    [InlineData(23, 23)]
    public void The_minor_is_the_smaller_one(uint kernel, uint agreed)
    {
        DispatcherHarness harness = new(new EchoFileSystem(), kernelFlags: null);
        byte[] reply = harness.Send(Packet.Init(All, kernel));
        Assert.Equal((7u, agreed), (Answer(reply).Major, Answer(reply).Minor));
        Assert.Equal(kernel, harness.Dispatcher.Connection!.KernelMinor);
    }

    [Theory]
    [InlineData(7, 22)]
    [InlineData(6, 45)]
    public void A_kernel_that_is_too_old_is_refused_with_a_reason(uint major, uint minor)
    {
        DispatcherHarness harness = new(new EchoFileSystem(), kernelFlags: null);
        Assert.Equal(71, harness.SendForError(Packet.Init(All, minor, major)));
        Assert.Contains($"{major}.{minor}", harness.Dispatcher.InitRefusal, StringComparison.Ordinal);
        Assert.Null(harness.Dispatcher.Connection);
    }

    [Fact]
    public void A_kernel_of_a_later_major_is_told_ours_and_asks_again()
    {
        DispatcherHarness harness = new(new EchoFileSystem(), kernelFlags: null);
        Assert.Equal(7u, Answer(harness.Send(Packet.Init(0, minor: 0, major: 8))).Major);
        Assert.Null(harness.Dispatcher.Connection);
        Assert.Null(harness.Dispatcher.InitRefusal);
        Assert.Equal(80, harness.Send(Packet.Init(All)).Length);
        Assert.NotNull(harness.Dispatcher.Connection);
    }

    [Fact]
    public void The_short_INIT_of_old_kernels_has_no_second_flags_word()
    {
        DispatcherHarness harness = new(new EchoFileSystem(), kernelFlags: null);
        byte[] body = Packet.Bytes(new FuseInitIn { Major = 7, Minor = 31, Flags = (uint)FuseInitFlags.AsyncRead })[..16];
        Assert.Equal(80, harness.Send(Packet.Request(FuseOpcode.Init, body)).Length);
        Assert.Equal(FuseInitFlags.AsyncRead, harness.Dispatcher.Connection!.Flags);
    }

    [Fact]
    public void An_INIT_that_grew_is_read_as_far_as_it_is_known()
    {
        DispatcherHarness harness = new(new EchoFileSystem(), kernelFlags: null);
        byte[] body = [.. Packet.Init(All)[40..], .. new byte[64]];
        Assert.Equal(80, harness.Send(Packet.Request(FuseOpcode.Init, body)).Length);
        Assert.True(harness.Dispatcher.Connection!.Has(FuseInitFlags.RequestTimeout));
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(true, 0, true)]
    [InlineData(false, (ulong)FuseInitFlags.PosixAcl, true)]
    public void Allow_idmap_needs_permissions_that_the_kernel_checks(bool defaultPermissions, ulong others, bool agreed)
    {
        FuseInitOptions options = new() { Wanted = FuseInitFlags.AllowIdmap | (FuseInitFlags)others, DefaultPermissions = defaultPermissions };
        Assert.Equal(agreed, Negotiate(options, All).Has(FuseInitFlags.AllowIdmap));
    }

    [Fact]
    public void Readdirplus_auto_goes_when_readdirplus_is_not_offered()
    {
        FuseInitOptions options = new() { Wanted = FuseInitFlags.DoReaddirplus | FuseInitFlags.ReaddirplusAuto };
        Assert.False(Negotiate(options, All & ~(ulong)FuseInitFlags.DoReaddirplus).Has(FuseInitFlags.ReaddirplusAuto));
    }

    [Fact]
    public void Every_number_reaches_the_answer()
    {
        FuseInitOptions options = new()
        {
            Wanted = FuseInitFlags.Passthrough,
            MaxTransfer = 65536,
            MaxReadahead = 4096,
            MaxBackground = 64,
            CongestionThreshold = 48,
            TimeGranularity = 1000,
            MaxStackDepth = 2,
            RequestTimeout = 30,
        };
        DispatcherHarness harness = new(new EchoFileSystem(), options, kernelFlags: null, new ScriptedBackingFiles());
        FuseInitOut answer = Answer(harness.Send(Packet.Init(All)));
        Assert.Equal((65536u, 16, 4096u), (answer.MaxWrite, answer.MaxPages, answer.MaxReadahead));
        Assert.Equal((64, 48, 1000u, 2u, 30), (answer.MaxBackground, answer.CongestionThreshold, answer.TimeGran, answer.MaxStackDepth, answer.RequestTimeout));
    }

    [Fact]
    public void The_congestion_threshold_follows_max_background()
    {
        Assert.Equal(75, Negotiate(new FuseInitOptions { MaxBackground = 100 }, All).CongestionThreshold);
        Assert.Equal(7, Negotiate(new FuseInitOptions { MaxBackground = 100, CongestionThreshold = 7 }, All).CongestionThreshold);
    }

    [Fact]
    public void What_is_required_and_missing_is_named()
    {
        DispatcherHarness harness = new(new EchoFileSystem(), new FuseInitOptions { Required = FuseInitFlags.Passthrough }, kernelFlags: null);
        Assert.Equal(71, harness.SendForError(Packet.Init(All & ~(ulong)FuseInitFlags.Passthrough)));
        Assert.Contains("lacks Passthrough", harness.Dispatcher.InitRefusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FuseInitFlags.Passthrough | FuseInitFlags.WritebackCache)]
    [InlineData(FuseInitFlags.AutoInvalData | FuseInitFlags.ExplicitInvalData)]
    [InlineData(FuseInitFlags.ReaddirplusAuto)]
    [InlineData(FuseInitFlags.Submounts)]
    [InlineData(FuseInitFlags.MapAlignment)]
    [InlineData(FuseInitFlags.HasInodeDax)]
    [InlineData(FuseInitFlags.InitReserved)]
    [InlineData(FuseInitFlags.FileOps)]
    public void Wishes_that_contradict_each_other_are_errors_of_the_program(FuseInitFlags wanted) =>
        Assert.Throws<ArgumentException>(() => new FuseDispatcher(new EchoFileSystem(), new FuseInitOptions { Wanted = wanted }));

    [Fact]
    public void Numbers_out_of_range_are_errors_of_the_program()
    {
        FuseInitOptions good = new();
        Assert.All(
            new[]
            {
                good with { MaxTransfer = 4095 },
                good with { MaxTransfer = FuseInitOptions.MaxMaxTransfer + 1 },
                good with { MaxBackground = 0 },
                good with { MaxBackground = ushort.MaxValue },
                good with { TimeGranularity = 0 },
                good with { TimeGranularity = 1_000_000_001 },
                good with { Wanted = FuseInitFlags.Passthrough, MaxStackDepth = 3 },
            },
            options => Assert.Throws<ArgumentException>(() => new FuseDispatcher(new EchoFileSystem(), options)));
    }

    [Fact]
    public void A_filesystem_that_cannot_start_refuses_INIT()
    {
        DispatcherHarness harness = new(new CannotStart(), kernelFlags: null);
        Assert.Equal(5, harness.SendForError(Packet.Init(All)));
        Assert.NotNull(harness.Dispatcher.InitRefusal);
        Assert.Null(harness.Dispatcher.Connection);
        Assert.Contains("no such disk", Assert.Single(harness.Log), StringComparison.Ordinal);
    }

    [Fact]
    public void Passthrough_is_asked_for_only_where_somebody_can_register_files()
    {
        FuseInitOptions options = new() { Wanted = FuseInitFlags.Passthrough };
        FuseConnection with = Negotiate(options, All);
        Assert.Equal((true, true, 1u), (with.Has(FuseInitFlags.Passthrough), with.BackingFiles is not null, with.MaxStackDepth));
        FuseConnection without = Negotiate(options, All, hasBackingFiles: false);
        Assert.Equal((false, false, 0u), (without.Has(FuseInitFlags.Passthrough), without.BackingFiles is not null, without.MaxStackDepth));
        Assert.Null(Negotiate(options, All & ~(ulong)FuseInitFlags.Passthrough).BackingFiles);
    }

    private static FuseConnection Negotiate(FuseInitOptions options, ulong offered, bool hasBackingFiles = true)
    {
        ScriptedBackingFiles? backingFiles = hasBackingFiles ? new ScriptedBackingFiles() : null;
        DispatcherHarness harness = new(new EchoFileSystem(), options, kernelFlags: null, backingFiles);
        FuseInitOut answer = Answer(harness.Send(Packet.Init(offered)));
        FuseConnection connection = harness.Dispatcher.Connection!;
        Assert.Equal((ulong)connection.Flags, answer.Flags | ((ulong)answer.Flags2 << 32));
        return connection;
    }

    private static FuseInitOut Answer(byte[] reply)
    {
        Assert.Equal(80, reply.Length);
        return MemoryMarshal.Read<FuseInitOut>(reply.AsSpan(16));
    }

    private sealed class CannotStart : FuseFileSystem
    {
        public override void OnInit(FuseConnection connection, FuseNotifier notifier) => throw new IOException("no such disk");
    }
}
