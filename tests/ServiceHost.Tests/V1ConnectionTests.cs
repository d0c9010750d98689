using ServiceHost.Connection;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Tests;

/// <summary>Anybody who may connect can claim to be libfuse's helper: each lie ends the conversation, and leaks nothing.</summary>
public sealed class V1ConnectionTests
{
    private static readonly byte[] s_hello = new V1Hello(1, 1, V1HelloFlags.All).Encode();
    private static readonly byte[] s_argv = new V1File(Errno.None, V1File.Argv.ToArray()).Encode();
    private static readonly byte[] s_device = new V1File(Errno.None, V1File.FuseDevice.ToArray()).Encode();

    private static byte[] Arguments =>
        [.. "ARGS"u8, 0, 0, 0, 3, 0, 0, 0, 32, 0, 0, 0, 2, 0, 0, 0, 34, 0, 0, 0, 3, 0, 0, 0, 37, 0, 0, 0, 3, .. "t\0/s\0/m\0"u8];

    [Fact]
    public void A_memfd_in_place_of_the_device_is_refused_and_closed()
    {
        using TestPeer helper = new();
        using TrackedMemfd arguments = new(Arguments, FileSeals.None);
        using TrackedMemfd device = new([0]);
        helper.Send(s_hello);
        helper.Send(s_argv, arguments.Fd);
        helper.Send(s_device, device.Fd);
        Assert.Equal("what the mount helper calls fusedev is not /dev/fuse", GreetingFailure(helper));
        Assert.Equal(1, arguments.OpenCount);
        Assert.Equal(1, device.OpenCount);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev")]
    [InlineData("/dev/zero")]
    public void Another_device_or_a_directory_is_refused(string path)
    {
        using TestPeer helper = new();
        using TrackedMemfd arguments = new(Arguments, FileSeals.None);
        Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated(CString.Allocate(path)), OpenFlags.ReadOnly, 0, out OwnedFd fake).IsOk);
        using (fake)
        {
            helper.Send(s_hello);
            helper.Send(s_argv, arguments.Fd);
            helper.Send(s_device, fake);
        }

        Assert.Equal("what the mount helper calls fusedev is not /dev/fuse", GreetingFailure(helper));
    }

    [Fact]
    public void Two_descriptors_where_one_belongs_are_closed()
    {
        using TestPeer helper = new();
        using TrackedMemfd arguments = new(Arguments, FileSeals.None);
        helper.Send(s_hello);
        helper.Send(s_argv, arguments.Fd, arguments.Fd);
        Assert.Equal("no FILE from the mount helper: wrong number of descriptors", GreetingFailure(helper));
        Assert.Equal(1, arguments.OpenCount);
    }

    [Fact]
    public void A_descriptor_with_the_hello_is_closed()
    {
        using TestPeer helper = new();
        using TrackedMemfd pushed = new([0]);
        helper.Send(s_hello, pushed.Fd);
        Assert.Equal("no SAFT from the mount helper: wrong number of descriptors", GreetingFailure(helper));
        Assert.Equal(1, pushed.OpenCount);
    }

    [Fact]
    public void A_file_without_its_descriptor_is_malformed()
    {
        using TestPeer helper = new();
        helper.Send(s_hello);
        helper.Send(s_argv);
        Assert.Equal("malformed FILE from the mount helper", GreetingFailure(helper));
    }

    [Fact]
    public void An_error_that_comes_with_a_descriptor_is_malformed_and_the_descriptor_closed()
    {
        using TestPeer helper = new();
        using TrackedMemfd arguments = new(Arguments, FileSeals.None);
        helper.Send(s_hello);
        helper.Send(new V1File(Errno.EIO, V1File.Argv.ToArray()).Encode(), arguments.Fd);
        Assert.Equal("malformed FILE from the mount helper", GreetingFailure(helper));
        Assert.Equal(1, arguments.OpenCount);
    }

    [Fact]
    public void The_files_have_their_names()
    {
        using TestPeer helper = new();
        using TrackedMemfd arguments = new(Arguments, FileSeals.None);
        helper.Send(s_hello);
        helper.Send(s_device, arguments.Fd);
        Assert.Equal("malformed FILE from the mount helper", GreetingFailure(helper));
        Assert.Equal(1, arguments.OpenCount);
    }

    [Fact]
    public void A_helper_without_dev_fuse_says_so()
    {
        using TestPeer helper = new();
        using TrackedMemfd arguments = new(Arguments, FileSeals.None);
        helper.Send(s_hello);
        helper.Send(s_argv, arguments.Fd);
        helper.Send(new V1File(Errno.ENOENT, V1File.FuseDevice.ToArray()).Encode());
        Assert.Equal("no /dev/fuse from the mount helper: No such file or directory (ENOENT)", GreetingFailure(helper));
    }

    [Theory]
    [InlineData(2, 7, "the mount helper speaks versions 2 to 7, this service 1")]
    [InlineData(3, 2, "the mount helper speaks versions 3 to 2, this service 1")]
    public void A_version_that_is_not_ours_is_named(ushort minimum, ushort maximum, string reason)
    {
        using TestPeer helper = new();
        helper.Send(new V1Hello(minimum, maximum, V1HelloFlags.None).Encode());
        Assert.Equal(reason, GreetingFailure(helper));
    }

    [Fact]
    public void The_own_dialect_on_the_address_of_v1_is_not_understood()
    {
        using TestPeer helper = new();
        helper.Send(new Hello(1, 1, HelloFeatures.None, 1000, 999, 1, "t").Encode());
        Assert.Equal("expected SAFT from the mount helper, got HELO", GreetingFailure(helper));
    }

    [Fact]
    public void A_silent_helper_costs_the_deadline_and_no_more()
    {
        using TestPeer helper = new();
        using V1Connection connection = new(helper.Server, Deadline.In(TimeSpan.FromMilliseconds(50)));
        ServiceException refusal = Assert.Throws<ServiceException>(() => connection.Greet(static _ => { }));
        Assert.Equal("no SAFT from the mount helper: the time is over", refusal.Message);
    }

    [Fact]
    public void A_packet_beyond_the_limit_is_not_taken()
    {
        using TestPeer helper = new();
        helper.Send(new byte[Limits.PacketBytes + 1]);
        Assert.Equal("no SAFT from the mount helper: the packet is too large", GreetingFailure(helper));
    }

    [Fact]
    public void A_source_of_the_wrong_kind_is_refused_and_closed()
    {
        using TestPeer helper = new();
        using TrackedMemfd file = new([1, 2, 3]);
        using V1Connection connection = new(helper.Server, TestPeer.Soon, V1HelloFlags.All, ConversationPhase.Roles);
        helper.Send(new V1File(Errno.None, "/s"u8.ToArray()).Encode(), file.Fd);
        ServiceException refusal = Assert.Throws<ServiceException>(
            () => connection.RequestRole(ServiceRole.SourceDirectory, Words("rw"), readOnly: false));
        Assert.Equal("/s is of a kind that this service cannot use", refusal.Message);
        Assert.Equal(1, file.OpenCount);
    }

    [Fact]
    public void A_role_that_v1_does_not_know_is_missing_or_a_reason_to_stop()
    {
        using TestPeer helper = new();
        using V1Connection connection = new(helper.Server, TestPeer.Soon, V1HelloFlags.All, ConversationPhase.Roles);
        ServiceRole journal = new("journal", SourceKinds.BlockDevice, SourceAccess.ReadWrite, Optional: true);
        Assert.Null(connection.RequestRole(journal, Words(""), readOnly: false));
        Assert.Throws<ServiceException>(() => connection.RequestRole(journal with { Optional = false }, Words(""), readOnly: false));
    }

    [Theory]
    [InlineData(V1HelloFlags.AllowOther, "allow_other", "allow_other")]
    [InlineData(V1HelloFlags.All, "", "allow_other")]
    [InlineData(V1HelloFlags.All, "noallow_other", "")]
    [InlineData(V1HelloFlags.AllowOther, "", "")]
    public void Only_root_gets_allow_other_unasked(V1HelloFlags flags, string options, string expected)
    {
        using TestPeer helper = new();
        string sent = SentOptions(helper, flags, options);
        Assert.Equal(expected.Length == 0 ? "default_permissions" : expected + ",default_permissions", sent);
    }

    [Fact]
    public void Allow_other_for_a_user_needs_the_permission()
    {
        using TestPeer helper = new();
        using V1Connection connection = new(helper.Server, TestPeer.Soon, V1HelloFlags.None, ConversationPhase.Roles);
        ServiceException refusal = Assert.Throws<ServiceException>(() => connection.Mount(Plan, Words("allow_other")));
        Assert.StartsWith("allow_other is for root", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_of_the_helper_names_what_it_refused()
    {
        using TestPeer helper = new();
        using V1Connection connection = new(helper.Server, TestPeer.Soon, V1HelloFlags.All, ConversationPhase.Roles);
        helper.Send(new V1Reply(Errno.None).Encode());
        helper.Send(new V1Reply(Errno.None).Encode());
        helper.Send(new V1Reply(Errno.EACCES).Encode());
        ServiceException refusal = Assert.Throws<ServiceException>(() => connection.Mount(Plan, Words("")));
        Assert.Equal("the mount helper refuses the mountpoint: Permission denied (EACCES)", refusal.Message);
        connection.Fail(refusal.Message);
        connection.Fail(refusal.Message);
        helper.Expect(new V1FsopenCommand(V1FsopenFlags.None).Encode());
        helper.Expect(new V1StringCommand(Tag.V1Source, "/s"u8.ToArray()).Encode());
        helper.Expect(new V1MountpointCommand(V1MountpointCommand.Directory, "/m"u8.ToArray()).Encode());
        helper.Expect(new V1Goodbye(1).Encode());
        connection.Dispose();
        helper.ExpectEnd();
    }

    [Fact]
    public void Out_of_turn_calls_are_bugs_and_send_nothing()
    {
        using TestPeer helper = new();
        using V1Connection connection = new(helper.Server, TestPeer.Soon);
        Assert.Throws<InvalidOperationException>(() => connection.RequestRole(ServiceRole.SourceDirectory, Words(""), readOnly: false));
        Assert.Throws<InvalidOperationException>(() => connection.Mount(Plan, Words("")));
        Assert.Throws<InvalidOperationException>(() => connection.Attach());
        connection.Fail("nobody said hello");
        connection.Dispose();
        helper.ExpectEnd();
    }

    private static FuseMountPlan Plan => new() { FileSystem = new NullFileSystem(), Workers = 1 };

    private static ServiceArguments Words(string options) =>
        new() { Type = "t", Source = "/s"u8.ToArray(), Mountpoint = "/m"u8.ToArray(), OptionText = options };

    private static string GreetingFailure(TestPeer helper)
    {
        using V1Connection connection = new(helper.Server, TestPeer.Soon);
        return Assert.Throws<ServiceException>(() => connection.Greet(static _ => { })).Message;
    }

    /// <summary>Answers everything with success and returns the OPTS, the fourth command.</summary>
    private static string SentOptions(TestPeer helper, V1HelloFlags flags, string options)
    {
        using V1Connection connection = new(helper.Server, TestPeer.Soon, flags, ConversationPhase.Roles);
        Assert.True(Libc.Openat(Fd.Cwd, CString.FromTerminated("/dev/null\0"u8), OpenFlags.ReadOnly, 0, out OwnedFd device).IsOk);
        connection.FuseDevice = device;
        for (int i = 0; i < 5; i++)
        {
            helper.Send(new V1Reply(Errno.None).Encode());
        }

        connection.Mount(Plan, Words(options))[0].Dispose();
        byte[][] commands = [helper.Receive(), helper.Receive(), helper.Receive(), helper.Receive(), helper.Receive()];
        Assert.True(V1StringCommand.TryDecode(commands[3], out V1StringCommand sent) && sent.Tag == Tag.V1Options);
        Assert.True(V1MountCommand.TryDecode(commands[4], out _));
        return System.Text.Encoding.ASCII.GetString(sent.Value);
    }
}
