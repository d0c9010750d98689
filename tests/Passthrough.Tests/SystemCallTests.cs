using Servers.Passthrough;
using ServiceHost.Linux;

namespace Passthrough.Tests;

/// <summary>What the filter of the passthrough server makes of modes and namespaces.</summary>
public sealed class SystemCallTests
{
    public static TheoryData<X64Call, int> ModeArguments => new()
    {
        { X64Call.Fchmod, 1 },
        { X64Call.Fchmodat, 2 },
        { X64Call.Mknodat, 2 },
        { X64Call.Openat, 3 },
    };

    [Theory]
    [MemberData(nameof(ModeArguments))]
    public void A_set_id_bit_needs_the_mount_option_suid(X64Call call, int index)
    {
        foreach (uint mode in (uint[])[0x9FF, 0x5FF, 0xDFF, 0x1_0800 | 0x800])
        {
            ulong[] arguments = new ulong[6];
            arguments[index] = mode;
            Assert.Equal(Errno.EPERM, Decide(allowSuid: false, call, arguments));
            Assert.Equal(Errno.None, Decide(allowSuid: true, call, arguments));
            arguments[index] = mode & ~0xC00u;
            Assert.Equal(Errno.None, Decide(allowSuid: false, call, arguments));
        }
    }

    [Fact]
    public void A_call_that_names_the_fixed_dot_may_mark_a_directory_set_group_ID_and_no_more()
    {
        Assert.Equal(Errno.None, Decide(false, X64Call.Fchmodat, [3, FixedDot.Address, 0x5FF, 0, 0, 0]));
        Assert.Equal(Errno.EPERM, Decide(false, X64Call.Fchmodat, [3, FixedDot.Address, 0x9FF, 0, 0, 0]));
        Assert.Equal(Errno.EPERM, Decide(false, X64Call.Fchmodat, [3, FixedDot.Address, 0xDFF, 0, 0, 0]));
        Assert.Equal(Errno.EPERM, Decide(false, X64Call.Fchmodat, [3, FixedDot.Address + 1, 0x5FF, 0, 0, 0]));
        Assert.Equal(Errno.EPERM, Decide(false, X64Call.Fchmodat, [3, FixedDot.Address | (1UL << 32), 0x5FF, 0, 0, 0]));
        Assert.Equal(Errno.EPERM, Decide(false, X64Call.Fchmod, [FixedDot.Address, 0x5FF, 0, 0, 0, 0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Modes_behind_pointers_are_never_taken(bool allowSuid)
    {
        Assert.Equal(Errno.ENOSYS, Decide(allowSuid, X64Call.Openat2, new ulong[6]));
        Assert.Equal(Errno.EPERM, Decide(allowSuid, X64Call.Fchmodat2, new ulong[6]));
        Assert.Equal(Errno.EPERM, Decide(allowSuid, X64Call.Open, new ulong[6]));
        Assert.Equal(Errno.EPERM, Decide(allowSuid, X64Call.Chmod, new ulong[6]));
    }

    [Fact]
    public void A_worker_gets_an_umask_of_its_own_and_no_namespace()
    {
        Assert.Equal(Errno.None, Decide(false, X64Call.Unshare, [0x200, 0, 0, 0, 0, 0]));
        Assert.Equal(Errno.EPERM, Decide(false, X64Call.Unshare, [0x1000_0200, 0, 0, 0, 0, 0]));
        Assert.Equal(Errno.EPERM, Decide(false, X64Call.Unshare, [0x1_0000_0200, 0, 0, 0, 0, 0]));
    }

    private static Errno Decide(bool allowSuid, X64Call call, ulong[] arguments) =>
        new SystemCallPolicy(PassthroughSystemCalls.For(allowSuid)).Decide(SystemCallPolicy.Architecture, (uint)call, arguments);
}
