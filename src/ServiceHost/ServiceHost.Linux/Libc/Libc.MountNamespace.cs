using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

public static partial class Libc
{
    private const int CLONE_NEWNS = 0x2_0000;

    /// <summary>
    /// setns(CLONE_NEWNS) of the calling thread, whose root and current directory become those of the namespace. EINVAL while it
    /// shares them with other threads (<see cref="UnshareWorkingDirectory"/> first).
    /// </summary>
    public static Errno JoinMountNamespace(Fd mountNamespace) => Errno.Of(setns_mount(mountNamespace.Number, CLONE_NEWNS));

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int setns_mount(int fd, int type);
}
