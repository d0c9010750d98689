using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace MountHelper.Tests;

/// <summary>
/// A thread inside a sandbox's mount namespace with the ids of a user: what it connects to and opens, the kernel attributes to that user.
/// The thread ends with the action, so there is nothing to give back.
/// </summary>
internal static class UserThread
{
    public const uint Uid = 1000;
    public const uint Gid = 1000;

    private const int SYS_setgroups = 116;
    private const int SYS_setresuid = 117;
    private const int SYS_setresgid = 119;

    public static void Run(MountSandbox sandbox, uint uid, uint gid, uint[] groups, Action action)
    {
        Exception? error = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter(sandbox);
                Become(uid, gid, groups);
                action();
            }
            catch (Exception caught)
            {
                error = caught;
            }
        });
        thread.Start();
        thread.Join();
        if (error is not null)
        {
            throw new InvalidOperationException($"the user's part failed: {error.Message}", error);
        }
    }

    private static void Enter(MountSandbox sandbox)
    {
        Assert.Equal(Errno.None, Libc.UnshareWorkingDirectory());
        byte[] path = CString.Allocate($"/proc/{sandbox.HolderPid}/ns/mnt");
        Assert.Equal(Errno.None, Libc.Openat(Fd.Cwd, CString.FromTerminated(path), OpenFlags.ReadOnly, 0, out OwnedFd space));
        using (space)
        {
            Assert.Equal(Errno.None, Libc.JoinMountNamespace(space));
        }
    }

    /// <summary>By raw calls, which change this thread alone.</summary>
    private static void Become(uint uid, uint gid, uint[] groups)
    {
        GCHandle pinned = GCHandle.Alloc(groups, GCHandleType.Pinned);
        Assert.Equal(0, syscall(SYS_setgroups, groups.Length, pinned.AddrOfPinnedObject(), 0));
        pinned.Free();
        int g = unchecked((int)gid);
        int u = unchecked((int)uid);
        Assert.Equal(0, syscall(SYS_setresgid, g, g, g));
        Assert.Equal(0, syscall(SYS_setresuid, u, u, u));
    }

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint a, nint b, nint c);
}
