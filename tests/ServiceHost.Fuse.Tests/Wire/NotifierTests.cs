using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

public sealed class NotifierTests
{
    private readonly RecordingChannel _channel = new();
    private readonly FuseNotifier _notifier;

    public NotifierTests() => _notifier = new FuseDispatcher(new EchoFileSystem(), new FuseInitOptions()).CreateNotifier(_channel);

    [Fact]
    public void Poll() => Expect(_notifier.PollWakeup(9), "18 00 00 00 01 00 00 00", "09 00 00 00 00 00 00 00 | kh");

    [Fact]
    public void Inval_inode() => Expect(
        _notifier.InvalInode(new NodeId(7), -1, 3),
        "28 00 00 00 02 00 00 00",
        """
        07 00 00 00 00 00 00 00 | ino
        FF FF FF FF FF FF FF FF | off
        03 00 00 00 00 00 00 00 | len
        """);

    [Fact]
    public void Inval_entry() => Expect(
        _notifier.InvalEntry(new NodeId(7), CString.FromTerminated("ab\0"u8), FuseInvalEntryFlags.ExpireOnly),
        "23 00 00 00 03 00 00 00",
        """
        07 00 00 00 00 00 00 00 | parent
        02 00 00 00 01 00 00 00 | namelen, flags
        61 62 00                | "ab"
        """);

    [Fact]
    public void Store() => Expect(
        _notifier.Store(new NodeId(7), 4096, "abc"u8),
        "2B 00 00 00 04 00 00 00",
        """
        07 00 00 00 00 00 00 00 | nodeid
        00 10 00 00 00 00 00 00 | offset
        03 00 00 00 00 00 00 00 | size, padding
        61 62 63                | "abc"
        """);

    [Fact]
    public void Retrieve() => Expect(
        _notifier.Retrieve(new NodeId(7), 4096, 5, (_, _, _) => { }),
        "30 00 00 00 05 00 00 00",
        """
        01 00 00 00 00 00 00 00 | notify_unique
        07 00 00 00 00 00 00 00 | nodeid
        00 10 00 00 00 00 00 00 | offset
        05 00 00 00 00 00 00 00 | size, padding
        """);

    [Fact]
    public void Delete() => Expect(
        _notifier.Delete(new NodeId(7), new NodeId(8), CString.FromTerminated("ab\0"u8)),
        "2B 00 00 00 06 00 00 00",
        """
        07 00 00 00 00 00 00 00 | parent
        08 00 00 00 00 00 00 00 | child
        02 00 00 00 00 00 00 00 | namelen, padding
        61 62 00                | "ab"
        """);

    [Fact]
    public void Resend() => Expect(_notifier.Resend(), "10 00 00 00 07 00 00 00", "");

    [Fact]
    public void Inc_epoch() => Expect(_notifier.IncEpoch(), "10 00 00 00 08 00 00 00", "");

    [Fact]
    public void Prune() => Expect(
        _notifier.Prune([new NodeId(7), new NodeId(8)]),
        "30 00 00 00 09 00 00 00",
        """
        02 00 00 00 00 00 00 00 | count, padding
        00 00 00 00 00 00 00 00 | spare
        07 00 00 00 00 00 00 00 | nodeid
        08 00 00 00 00 00 00 00 | nodeid
        """);

    [Fact]
    public void Every_code_has_a_test_here() =>
        Assert.All(Enum.GetNames<FuseNotifyCode>(), name => Assert.NotNull(GetType().GetMethods().SingleOrDefault(
            method => method.Name.Replace("_", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase))));

    [Fact]
    public void A_retrieve_that_the_kernel_refuses_calls_nobody_back()
    {
        _channel.Result = Errno.ENOENT;
        Assert.Equal(Errno.ENOENT, _notifier.Retrieve(new NodeId(7), 0, 5, (_, _, _) => Assert.Fail("called")));
    }

    private void Expect(Errno result, string lengthAndCode, string body)
    {
        Assert.Equal(Errno.None, result);
        byte[] expected = [.. Annotated.Bytes(lengthAndCode), .. new byte[8], .. Annotated.Bytes(body)];
        Assert.Equal(expected, Assert.Single(_channel.Messages));
    }
}
