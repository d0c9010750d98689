using ServiceHost.Connection;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Tests;

/// <summary>The own dialect from the server's side, against a Mounter that keeps to it and one that does not.</summary>
public sealed class OwnConnectionTests
{
    private static readonly byte[] s_hello =
        new Hello(1, 1, HelloFeatures.AllowOther | HelloFeatures.CallerRoot | HelloFeatures.Keeper, 20_000, 999, 4, "t").Encode();

    private static byte[] Content =>
        [.. "ARGS"u8, 0, 0, 0, 3, 0, 0, 0, 32, 0, 0, 0, 2, 0, 0, 0, 34, 0, 0, 0, 3, 0, 0, 0, 37, 0, 0, 0, 3, .. "t\0/s\0/m\0"u8];

    [Fact]
    public void The_whole_conversation_of_a_mount()
    {
        using TestPeer mounter = new();
        using TrackedMemfd arguments = new(Content);
        using TrackedMemfd rw = new([1]);
        using TrackedMemfd ro = new([2]);
        using TrackedMemfd ns = new([4]);
        using TrackedMemfd device = new([3]);
        using OwnConnection connection = new(mounter.Server, TestPeer.Soon);
        uint joiner = 0;

        mounter.Send(s_hello);
        mounter.Send(new CallerArguments(1000, 1001, ArgumentFlags.ReadOnly, (uint)Content.Length, [7]).Encode(), arguments.Fd);
        ServiceGreeting greeting = connection.Greet(uid => joiner = uid);
        mounter.Expect(new HelloReply(1, HelloFeatures.AllowOther | HelloFeatures.CallerRoot).Encode());
        Assert.Equal(999u, joiner);
        Assert.Equal(4, greeting.CpuCount);
        Assert.Equal((1000u, 1001u, ArgumentFlags.ReadOnly), (greeting.Caller.Uid, greeting.Caller.Gid, greeting.Caller.Flags));
        Assert.Equal([7u], greeting.Caller.Groups);
        Assert.Equal(2, arguments.OpenCount);
        greeting.ArgumentMemfd.Dispose();

        mounter.Send(DirectoryGrant.Encode(), rw.Fd, ro.Fd, ns.Fd);
        using (GrantedDescriptors? granted = connection.RequestRole(ServiceRole.SourceDirectory, greeting.Arguments, readOnly: true))
        {
            mounter.Expect(new RoleRequest(SourceKinds.Directory, SourceAccess.ReadWrite, RoleFlags.None, "source").Encode());
            GrantedRole role = granted!.ToRole();
            Assert.Same(role.RwClone, role.Root);
            Assert.Equal((11ul, 12ul), (role.RwMountId, role.RoMountId));
            Assert.Equal((2, 2), (rw.OpenCount, ro.OpenCount));
        }

        connection.Tell(NoteLevel.Verbose, "a note");
        mounter.Expect(new Note(NoteLevel.Verbose, "a note").Encode());
        mounter.Send(new MountReply(Errno.None, 2, 77, 5, string.Empty).Encode(), device.Fd, device.Fd);
        IReadOnlyList<OwnedFd> devices = connection.Mount(Plan, greeting.Arguments);
        mounter.Expect(new MountRequest(MountRequestFlags.DefaultPermissions, MountRequest.DirectoryRoot, 0, 0, 2).Encode());
        Assert.Equal(2, devices.Count);
        Assert.Equal(3, device.OpenCount);

        mounter.Send(new Done(Errno.None, string.Empty).Encode());
        Assert.Null(connection.Attach());
        mounter.Expect(new Goodbye(0, string.Empty).Encode());
        foreach (OwnedFd fd in devices)
        {
            fd.Dispose();
        }

        Assert.Equal((1, 1, 1, 1), (arguments.OpenCount, rw.OpenCount, ro.OpenCount, device.OpenCount));
    }

    [Fact]
    public void The_uid_is_taken_before_the_first_word()
    {
        using TestPeer mounter = new();
        using OwnConnection connection = new(mounter.Server, TestPeer.Soon);
        mounter.Send(s_hello);
        Assert.Throws<ServiceException>(() => connection.Greet(static _ => throw new ServiceException("cannot take the uid")));
        connection.Fail("cannot take the uid");
        connection.Dispose();
        mounter.ExpectEnd();
    }

    [Theory]
    [InlineData(GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.UserNamespace, 2)]
    [InlineData(GrantFlags.RwClone | GrantFlags.UserNamespace, 3)]
    [InlineData(GrantFlags.RwClone | GrantFlags.UserNamespace, 0)]
    [InlineData(GrantFlags.RwClone, 1)]
    public void A_grant_with_another_number_of_descriptors_is_malformed_and_leaks_none(GrantFlags flags, int count)
    {
        using TestPeer mounter = new();
        using TrackedMemfd fd = new([1]);
        using OwnConnection connection = InRoles(mounter);
        mounter.Send((DirectoryGrant with { Flags = flags }).Encode(), [.. Enumerable.Repeat(fd.Fd, count)]);
        Assert.Equal("malformed GRNT from the mounter", RoleFailure(connection));
        Assert.Equal(1, fd.OpenCount);
    }

    [Fact]
    public void More_descriptors_than_a_grant_can_have_are_dropped_by_the_kernel()
    {
        using TestPeer mounter = new();
        using TrackedMemfd fd = new([1]);
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(DirectoryGrant.Encode(), [.. Enumerable.Repeat(fd.Fd, Limits.GrantFds + 1)]);
        Assert.Equal("no GRNT from the mounter: wrong number of descriptors", RoleFailure(connection));
        Assert.Equal(1, fd.OpenCount);
    }

    [Fact]
    public void A_file_for_a_service_of_directories_is_refused()
    {
        using TestPeer mounter = new();
        using TrackedMemfd fd = new([1]);
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(new Grant { Kind = SourceKinds.RegularFile, Flags = GrantFlags.File }.Encode(), fd.Fd);
        Assert.Equal("the source is of a kind that was not asked for", RoleFailure(connection));
        Assert.Equal(1, fd.OpenCount);
    }

    [Fact]
    public void The_reason_of_a_refusal_is_passed_on()
    {
        using TestPeer mounter = new();
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(new Grant { Error = Errno.EINVAL, Reason = "overlayfs cannot be id-mapped, try idmap=off" }.Encode());
        Assert.Equal("no source: overlayfs cannot be id-mapped, try idmap=off", RoleFailure(connection));
    }

    [Fact]
    public void An_optional_role_may_be_missing()
    {
        using TestPeer mounter = new();
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(new Grant { Error = Errno.ENOENT }.Encode());
        ServiceRole journal = new("journal", SourceKinds.BlockDevice, SourceAccess.ReadWrite, Optional: true);
        Assert.Null(connection.RequestRole(journal, Words, readOnly: false));
        mounter.Expect(new RoleRequest(SourceKinds.BlockDevice, SourceAccess.ReadWrite, RoleFlags.Optional, "journal").Encode());
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 1)]
    public void As_many_devices_come_as_are_announced(int sent, uint announced)
    {
        using TestPeer mounter = new();
        using TrackedMemfd device = new([1]);
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(new MountReply(Errno.None, announced, 0, 0, string.Empty).Encode(), [.. Enumerable.Repeat(device.Fd, sent)]);
        Assert.Throws<ServiceException>(() => connection.Mount(Plan, Words));
        Assert.Equal(1, device.OpenCount);
    }

    [Fact]
    public void A_mount_that_failed_has_its_reason()
    {
        using TestPeer mounter = new();
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(new MountReply(Errno.EBUSY, 0, 0, 0, string.Empty).Encode());
        ServiceException refusal = Assert.Throws<ServiceException>(() => connection.Mount(Plan, Words));
        Assert.Equal("cannot mount: Device or resource busy (EBUSY)", refusal.Message);
        connection.Fail(refusal.Message);
        mounter.Receive();
        mounter.Expect(new Goodbye(1, refusal.Message).Encode());
    }

    [Fact]
    public void A_mount_that_could_not_be_attached_is_told()
    {
        using TestPeer mounter = new();
        using TrackedMemfd device = new([1]);
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(new MountReply(Errno.None, 1, 0, 0, string.Empty).Encode(), device.Fd);
        connection.Mount(Plan, Words)[0].Dispose();
        mounter.Send(new Done(Errno.ENOENT, "the mountpoint is gone").Encode());
        Assert.Equal("the mountpoint is gone", connection.Attach());
        connection.Fail("too late");
        connection.Dispose();
        mounter.Receive();
        mounter.Expect(new Goodbye(0, string.Empty).Encode());
        mounter.ExpectEnd();
    }

    [Fact]
    public void Roles_and_notes_are_bounded()
    {
        using TestPeer mounter = new();
        using OwnConnection connection = InRoles(mounter);
        ServiceRole role = new("r", SourceKinds.All, SourceAccess.Read, Optional: true);
        for (int i = 0; i < Limits.Roles; i++)
        {
            mounter.Send(new Grant { Error = Errno.ENOENT }.Encode());
            Assert.Null(connection.RequestRole(role, Words, readOnly: false));
        }

        Assert.Throws<ServiceException>(() => connection.RequestRole(role, Words, readOnly: false));
        for (int i = 0; i < 2 * Limits.Notes; i++)
        {
            connection.Tell(NoteLevel.Verbose, "n");
        }

        connection.Dispose();
        for (int i = 0; i < Limits.Roles + Limits.Notes; i++)
        {
            mounter.Receive();
        }

        mounter.ExpectEnd();
    }

    public static TheoryData<string, byte[], string> BadBeginnings => new()
    {
        { "nothing", [], "no HELO from the mounter: it has gone" },
        { "v1", new V1Hello(1, 1, V1HelloFlags.None).Encode(), "expected HELO from the mounter, got SAFT" },
        { "two bytes", [1, 2], "expected HELO from the mounter, got 0x00000000" },
        { "a hello with a tail", [.. s_hello, 0], "malformed HELO from the mounter" },
        { "a younger version", new Hello(2, 3, HelloFeatures.None, 1, 1, 1, "t").Encode(), "the mounter speaks protocol versions 2 to 3, this service 1" },
    };

    [Theory]
    [MemberData(nameof(BadBeginnings))]
    public void A_bad_beginning_has_its_reason(string what, byte[] packet, string reason)
    {
        using TestPeer mounter = new();
        using OwnConnection connection = new(mounter.Server, TestPeer.Soon);
        mounter.Send(packet);
        ServiceException refusal = Assert.Throws<ServiceException>(() => connection.Greet(static _ => Assert.Fail("too early")));
        Assert.True(reason == refusal.Message, $"{what}: {refusal.Message}");
    }

    public static TheoryData<string, byte[], FileSeals, string> BadArguments => new()
    {
        { "no seals", Content, FileSeals.None, "bad arguments from the mounter: NotSealed" },
        { "not all seals", Content, FileSeals.Shrink | FileSeals.Grow | FileSeals.Write, "bad arguments from the mounter: NotSealed" },
        { "another size", [.. Content, 0], FileSeals.Immutable, "bad arguments from the mounter: WrongSize" },
        { "not ours", new byte[Content.Length], FileSeals.Immutable, "bad arguments from the mounter: BadMagic" },
    };

    [Theory]
    [MemberData(nameof(BadArguments))]
    public void Arguments_that_could_still_change_or_lie_are_refused_and_closed(string what, byte[] content, FileSeals seals, string reason)
    {
        using TestPeer mounter = new();
        using TrackedMemfd memfd = new(content, seals);
        using OwnConnection connection = new(mounter.Server, TestPeer.Soon);
        mounter.Send(s_hello);
        mounter.Send(new CallerArguments(0, 0, ArgumentFlags.None, (uint)Content.Length, []).Encode(), memfd.Fd);
        ServiceException refusal = Assert.Throws<ServiceException>(() => connection.Greet(static _ => { }));
        Assert.True(reason == refusal.Message, $"{what}: {refusal.Message}");
        Assert.Equal(1, memfd.OpenCount);
    }

    [Fact]
    public void The_deadline_of_the_mounter_counts_from_its_hello()
    {
        using TestPeer mounter = new();
        using OwnConnection connection = new(mounter.Server, TestPeer.Soon);
        mounter.Send(new Hello(1, 1, HelloFeatures.None, 60, 999, 1, "t").Encode());
        ServiceException refusal = Assert.Throws<ServiceException>(() => connection.Greet(static _ => { }));
        Assert.Equal("no ARGV from the mounter: the time is over", refusal.Message);
    }

    [Fact]
    public void Descriptors_are_refused_once_the_devices_are_there()
    {
        using TestPeer mounter = new();
        using TrackedMemfd device = new([1]);
        using OwnConnection connection = InRoles(mounter);
        mounter.Send(new MountReply(Errno.None, 1, 0, 0, string.Empty).Encode(), device.Fd);
        connection.Mount(Plan, Words)[0].Dispose();
        connection.Socket.RefuseDescriptors();
        try
        {
            mounter.Send(new Done(Errno.None, string.Empty).Encode(), device.Fd);
        }
        catch (Xunit.Sdk.EqualException)
        {
            // EPERM where the kernel has SO_PASSRIGHTS: nothing arrives at all.
            mounter.Dispose();
        }

        Assert.Throws<ServiceException>(() => connection.Attach());
        Assert.Equal(1, device.OpenCount);
    }

    private static Grant DirectoryGrant => new()
    {
        Kind = SourceKinds.Directory,
        Access = SourceAccess.ReadWrite,
        Flags = GrantFlags.RwClone | GrantFlags.RoClone | GrantFlags.UserNamespace,
        RwMountId = 11,
        RoMountId = 12,
    };

    private static FuseMountPlan Plan => new() { FileSystem = new NullFileSystem(), Workers = 2 };

    private static ServiceArguments Words =>
        new() { Type = "t", Source = "/s"u8.ToArray(), Mountpoint = "/m"u8.ToArray(), OptionText = string.Empty };

    private static OwnConnection InRoles(TestPeer mounter) => new(mounter.Server, TestPeer.Soon, ConversationPhase.Roles);

    private static string RoleFailure(OwnConnection connection) =>
        Assert.Throws<ServiceException>(() => connection.RequestRole(ServiceRole.SourceDirectory, Words, readOnly: false)).Message;
}
