using System.Globalization;
using ServiceHost.Linux;

namespace ServiceHost.Linux.Tests;

[Trait("Needs", "root")]
public class ThreadCredentialsTests
{
    private const ulong DacOverride = 1 << 1;
    private const ulong Fowner = 1 << 3;
    private const ulong Fsetid = 1 << 4;

    [Fact]
    public void The_thread_is_somebody_else_inside_and_itself_again_after() => OnOwnThread(identity =>
    {
        string before = Status();
        Assert.Equal(Errno.None, ThreadCredentials.Assume(identity, 1001, 1002, [2001], out ThreadCredentials credentials));
        using (credentials)
        {
            Assert.Equal("1001", Ids("Uid")[3]);
            Assert.Equal("1002", Ids("Gid")[3]);
            Assert.Equal(["2001"], Ids("Groups"));
            Assert.Equal(DacOverride, Effective() & (DacOverride | Fowner | Fsetid));
        }

        Assert.Equal(before, Status());
    });

    [Fact]
    public void Other_threads_notice_nothing() => OnOwnThread(identity =>
    {
        Assert.Equal(Errno.None, ThreadCredentials.Assume(identity, 1001, 1002, [2001], out ThreadCredentials credentials));
        using (credentials)
        {
            string main = File.ReadAllText("/proc/self/status");
            Assert.Contains("Uid:\t0\t0\t0\t0", main, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void An_exception_takes_the_thread_back_too() => OnOwnThread(identity =>
    {
        string before = Status();
        Assert.Throws<InvalidTimeZoneException>((Action)(() =>
        {
            Assert.Equal(Errno.None, ThreadCredentials.Assume(identity, 1001, 1002, [2001], out ThreadCredentials credentials));
            using (credentials)
            {
                throw new InvalidTimeZoneException();
            }
        }));
        Assert.Equal(before, Status());
    });

    [Fact]
    public void An_id_that_nobody_can_have_is_EOVERFLOW_and_changes_nothing() => OnOwnThread(identity =>
    {
        string before = Status();
        Assert.Equal(Errno.EOVERFLOW, ThreadCredentials.Assume(identity, uint.MaxValue, 1002, [2001], out _));
        Assert.Equal(Errno.EOVERFLOW, ThreadCredentials.Assume(identity, 1001, uint.MaxValue, [], out _));
        Assert.Equal(before, Status());
    });

    [Fact]
    public void Fsetid_goes_and_comes_back() => OnOwnThread(identity =>
    {
        Assert.Equal(Fsetid, Effective() & Fsetid);
        using (WithoutFsetid.When(true, identity, 1002))
        {
            Assert.Equal(0ul, Effective() & Fsetid);
            Assert.Equal("1002", Ids("Gid")[3]);
        }

        using (WithoutFsetid.When(false, identity, 1002))
        {
            Assert.Equal(Fsetid, Effective() & Fsetid);
            Assert.Equal("0", Ids("Gid")[3]);
        }

        Assert.Equal(Fsetid, Effective() & Fsetid);
        Assert.Equal("0", Ids("Gid")[3]);
    });

    /// <summary>The mark of mandatory locking of old, which only a stranger to the group takes away.</summary>
    [Theory]
    [InlineData(1002u, 1002u, true)]
    [InlineData(1002u, 1003u, false)]
    [InlineData(0u, 1002u, false)]
    [InlineData(0u, uint.MaxValue, false)]
    public void A_member_of_the_group_keeps_setgid_on_a_file_that_the_group_cannot_execute(
        uint filesGroup, uint gid, bool keeps) => OnOwnThread(identity =>
    {
        string file = Path.GetTempFileName();
        try
        {
            CString path = CString.FromTerminated(CString.Allocate(file));
            Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, path, OpenFlags.ReadWrite, 0, out OwnedFd opened));
            using (opened)
            {
                Assert.Equal(Errno.None, Libc.Fchownat(opened, default, 1001, filesGroup, AtFlags.EmptyPath));
                Assert.Equal(Errno.None, Libc.Fchmodat(Fd.Cwd, path, 0x100 | (uint)(ModeBits.SetUserId | ModeBits.SetGroupId)));
                using (WithoutFsetid.When(true, identity, gid))
                {
                    Assert.Equal(Errno.None, Libc.Ftruncate(opened, 3));
                }

                Assert.Equal(Errno.None, Libc.Statx(opened, StatxMask.Mode, out Statx stat));
                Assert.Equal(keeps ? ModeBits.SetGroupId : ModeBits.None, stat.Mode & (ModeBits.SetUserId | ModeBits.SetGroupId));
            }
        }
        finally
        {
            File.Delete(file);
        }
    });

    private static void OnOwnThread(Action<ThreadIdentity> body)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.Equal(Errno.None, ThreadIdentity.Capture(out ThreadIdentity identity));
                Assert.Equal(0u, identity.Uid);
                Assert.Equal(Errno.None, identity.EnterOnThisThread());
                body(identity);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    /// <summary>What of /proc/thread-self/status is about rights.</summary>
    private static string Status() => string.Join(
        '\n', File.ReadLines("/proc/thread-self/status").Where(static line => line.StartsWith("Uid", StringComparison.Ordinal) || line.StartsWith("Gid", StringComparison.Ordinal)
            || line.StartsWith("Groups", StringComparison.Ordinal) || line.StartsWith("Cap", StringComparison.Ordinal)));

    private static string[] Ids(string field) =>
        File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1..];

    private static ulong Effective() => ulong.Parse(Ids("CapEff")[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
