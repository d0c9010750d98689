using System.Runtime.InteropServices;

namespace ServiceHost.Fuse.Tests.Kernel;

/// <summary>mount(2) and umount2(2) for tests, and the few calls that only tests make.</summary>
internal static class MountSyscalls
{
    public const int MNT_DETACH = 2;
    public const int MNT_FORCE = 1;

    [DllImport("libc", SetLastError = true)]
    public static extern int mount(byte[] source, byte[] target, byte[] type, nuint flags, byte[] data);

    [DllImport("libc", SetLastError = true)]
    public static extern int umount2(byte[] target, int flags);
}
