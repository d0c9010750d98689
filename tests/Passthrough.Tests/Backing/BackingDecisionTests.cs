using System.Runtime.InteropServices;
using Servers.Passthrough;
using ServiceHost.Fuse;
using ServiceHost.Fuse.Tests.Wire;
using ServiceHost.Linux;

namespace Passthrough.Tests.Backing;

/// <summary>What the server registers, and how it answers opens, by policy, mode bits and who came first.</summary>
public sealed class BackingDecisionTests : IDisposable
{
    private const uint Plain = 0x1A4; // 0644
    private const uint Executable = 0x1ED; // 0755
    private readonly TempTree _tree = new();
    private readonly ScriptedBackingFiles _files = new() { LooksAtFlags = true };

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(OpenFlags.ReadOnly)]
    [InlineData(OpenFlags.WriteOnly)]
    [InlineData(OpenFlags.ReadWrite)]
    [InlineData(OpenFlags.WriteOnly | OpenFlags.Append)]
    public void Whoever_comes_first_the_file_is_registered_for_writing(OpenFlags flags) => With(BackingPolicy.Auto, kernel =>
    {
        NodeId node = MakeFile(kernel, Plain);
        FuseOpenOut first = Open(kernel, node, flags);
        Assert.Equal((FopenFlags.Passthrough, 1), (first.OpenFlags & FopenFlags.Passthrough, first.BackingId));
        Assert.Equal(OpenFlags.ReadWrite, _files.LastFlags & OpenFlags.AccessModeMask);
        FuseOpenOut writer = Open(kernel, node, OpenFlags.WriteOnly);
        Assert.Equal((FopenFlags.Passthrough, 1), (writer.OpenFlags & FopenFlags.Passthrough, writer.BackingId));
        Assert.Equal(1, _files.Asked);
        kernel.Release(node, first.Fh);
        Assert.Single(_files.Living);
        kernel.Release(node, writer.Fh);
        Assert.Empty(_files.Living);
    });

    [Theory]
    [InlineData(Plain, true)]
    [InlineData(Executable, false)]
    [InlineData(0x1A5u, false)] // 0645: somebody may execute it
    public void A_new_file_is_registered_unless_it_is_executable(uint mode, bool expected) => With(BackingPolicy.Auto, kernel =>
    {
        (FuseEntryOut entry, FileHandle fh) = kernel.Create(NodeId.Root, "new", mode, OpenFlags.WriteOnly);
        FuseOpenOut open = MemoryMarshal.Read<FuseOpenOut>(kernel.Reply[128..]);
        Assert.Equal(expected, (open.OpenFlags & FopenFlags.Passthrough) != 0);
        Assert.Equal(expected ? 1 : 0, _files.Asked);
        kernel.Release(entry.NodeId, fh);
        Assert.Empty(_files.Living);
    });

    [Fact]
    public void An_executable_stays_cached_and_the_next_open_too_when_it_is_no_longer_executable() => With(BackingPolicy.Auto, kernel =>
    {
        NodeId node = MakeFile(kernel, Executable);
        FuseOpenOut first = Open(kernel, node, OpenFlags.ReadOnly);
        File.SetUnixFileMode(_tree.Of("f"), (UnixFileMode)Plain);
        FuseOpenOut second = Open(kernel, node, OpenFlags.ReadWrite);
        Assert.Equal((FopenFlags)0, (first.OpenFlags | second.OpenFlags) & FopenFlags.Passthrough);
        Assert.Equal(0, _files.Asked);
        kernel.Release(node, first.Fh);
        kernel.Release(node, second.Fh);
        FuseOpenOut third = Open(kernel, node, OpenFlags.ReadOnly);
        Assert.Equal(FopenFlags.Passthrough, third.OpenFlags & FopenFlags.Passthrough);
        kernel.Release(node, third.Fh);
    });

    [Fact]
    public void Always_passes_executables_for_reading_and_turns_writers_away_meanwhile() => With(BackingPolicy.Always, kernel =>
    {
        NodeId node = MakeFile(kernel, Executable);
        FuseOpenOut reader = Open(kernel, node, OpenFlags.ReadOnly);
        Assert.Equal(FopenFlags.Passthrough, reader.OpenFlags & FopenFlags.Passthrough);
        Assert.Equal(OpenFlags.ReadOnly, _files.LastFlags & OpenFlags.AccessModeMask);
        Assert.Equal(Errno.ETXTBSY, kernel.TryOpen(node, OpenFlags.WriteOnly));
        Assert.Equal(Errno.ETXTBSY, kernel.TryOpen(node, OpenFlags.ReadOnly | OpenFlags.Truncate));
        Assert.Equal(2, kernel.FileSystem.Modes.Busy);
        FuseOpenOut second = Open(kernel, node, OpenFlags.ReadOnly);
        kernel.Release(node, reader.Fh);
        kernel.Release(node, second.Fh);
        FuseOpenOut writer = Open(kernel, node, OpenFlags.WriteOnly);
        Assert.Equal(OpenFlags.ReadWrite, _files.LastFlags & OpenFlags.AccessModeMask);
        kernel.Release(node, writer.Fh);
        Assert.Contains("ETXTBSY", Assert.Single(kernel.Log), StringComparison.Ordinal);
    });

    [Fact]
    public void Readonly_passes_nothing_that_can_be_written_here() => With(BackingPolicy.ReadOnly, kernel =>
    {
        NodeId node = MakeFile(kernel, Plain);
        FuseOpenOut open = Open(kernel, node, OpenFlags.ReadOnly);
        Assert.Equal((FopenFlags)0, open.OpenFlags & FopenFlags.Passthrough);
        Assert.Equal(0, _files.Asked);
        kernel.Release(node, open.Fh);
    });

    [Theory]
    [InlineData(BackingPolicy.Auto, Executable)]
    [InlineData(BackingPolicy.Always, Executable)]
    [InlineData(BackingPolicy.ReadOnly, Plain)]
    public void A_read_only_mount_passes_everything_for_reading(object policy, uint mode) => With(
        (BackingPolicy)policy,
        kernel =>
        {
            NodeId node = MakeFile(kernel, mode);
            FuseOpenOut open = Open(kernel, node, OpenFlags.ReadOnly);
            Assert.Equal(FopenFlags.Passthrough, open.OpenFlags & FopenFlags.Passthrough);
            Assert.Equal(OpenFlags.ReadOnly, _files.LastFlags & OpenFlags.AccessModeMask);
            kernel.Release(node, open.Fh);
        },
        static options => options with { IsReadOnly = true });

    [Fact]
    public void A_small_file_is_ordinary_unless_it_is_about_to_change_its_size() => With(
        BackingPolicy.Auto,
        kernel =>
        {
            NodeId node = MakeFile(kernel, Plain);
            FuseOpenOut reader = Open(kernel, node, OpenFlags.ReadOnly);
            Assert.Equal(0, reader.BackingId);
            kernel.Release(node, reader.Fh);
            FuseOpenOut truncating = Open(kernel, node, OpenFlags.WriteOnly | OpenFlags.Truncate);
            Assert.NotEqual(0, truncating.BackingId);
            kernel.Release(node, truncating.Fh);
            kernel.Create(NodeId.Root, "new");
            Assert.Equal(2, _files.Asked);
        },
        static options => options with { BackingMinSize = 4096 });

    [Fact]
    public void A_refusal_is_nothing_that_a_user_sees() => With(BackingPolicy.Auto, kernel =>
    {
        _files.Answer = Errno.ENOSPC;
        NodeId node = MakeFile(kernel, Plain);
        FuseOpenOut open = Open(kernel, node, OpenFlags.ReadWrite);
        Assert.Equal(((FopenFlags)0, 0), (open.OpenFlags, open.BackingId));
        Assert.Equal(Errno.None, kernel.TryWrite(node, open.Fh, 0, "written"u8));
        kernel.Release(node, open.Fh);
        Assert.Equal((1, 0), (kernel.FileSystem.Modes.RefusedByQuota, kernel.FileSystem.Modes.Registered));
        Assert.Empty(kernel.Log);
    });

    [Fact]
    public void A_file_with_set_id_bits_is_ordinary() => With(BackingPolicy.Always, kernel =>
    {
        NodeId node = MakeFile(kernel, Plain | 0x800);
        FuseOpenOut open = Open(kernel, node, OpenFlags.ReadWrite);
        Assert.Equal(0, open.BackingId);
        kernel.Release(node, open.Fh);
    });

    [Fact]
    public void A_close_is_a_request_only_where_it_has_something_to_say() => With(BackingPolicy.Auto, kernel =>
    {
        NodeId passed = MakeFile(kernel, Plain);
        Assert.Equal(FopenFlags.NoFlush, Open(kernel, passed, OpenFlags.ReadWrite).OpenFlags & FopenFlags.NoFlush);
        NodeId cached = MakeFile(kernel, Executable, "g");
        Assert.Equal(FopenFlags.NoFlush, Open(kernel, cached, OpenFlags.ReadOnly).OpenFlags & FopenFlags.NoFlush);
        Assert.Equal((FopenFlags)0, Open(kernel, cached, OpenFlags.ReadWrite).OpenFlags & FopenFlags.NoFlush);
    });

    private void With(BackingPolicy policy, Action<TestKernel> test, Func<PassthroughOptions, PassthroughOptions>? change = null) =>
        DedicatedThread.Run(() =>
        {
            PassthroughOptions options = new() { AllowSuid = true, Backing = policy };
            using TestKernel kernel = new(_tree, change is null ? options : change(options), backingFiles: _files);
            test(kernel);
        });

    private NodeId MakeFile(TestKernel kernel, uint mode, string name = "f")
    {
        File.WriteAllText(_tree.Of(name), "content");
        File.SetUnixFileMode(_tree.Of(name), (UnixFileMode)mode);
        return kernel.Lookup(NodeId.Root, name).NodeId;
    }

    private static FuseOpenOut Open(TestKernel kernel, NodeId node, OpenFlags flags)
    {
        Assert.Equal(Errno.None, kernel.TryOpen(node, flags));
        return kernel.Read<FuseOpenOut>();
    }
}
