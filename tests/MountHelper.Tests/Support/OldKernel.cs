using System.Runtime.InteropServices;

namespace MountHelper.Tests;

/// <summary>
/// Runs something as on a kernel without fsopen(2): a seccomp filter on a thread of its own, which everything that the thread starts inherits.
/// The product has no switch for this.
/// </summary>
internal static class OldKernel
{
    private const int SYS_seccomp = 317;
    private const int SECCOMP_SET_MODE_FILTER = 1;
    private const uint SYS_fsopen = 430;
    private const ulong LoadNumber = 0x20; // BPF_LD | BPF_W | BPF_ABS, offset 0: the number of the call
    private const ulong JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ulong Return = 0x06; // BPF_RET | BPF_K
    private const ulong Allow = 0x7FFF_0000;
    private const ulong FailWithEnosys = 0x0005_0000 | 38;

    public static void Run(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                HideFsopen();
                action();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }
    private static void HideFsopen()
    {
        ulong[] program =
        [
            LoadNumber,
            JumpIfEqual | (1UL << 16) | ((ulong)SYS_fsopen << 32),
            Return | (Allow << 32),
            Return | (FailWithEnosys << 32),
        ];
        GCHandle pin = GCHandle.Alloc(program, GCHandleType.Pinned);
        try
        {
            // struct sock_fprog { u16 length; struct sock_filter *filter; }
            nint[] description = [program.Length, pin.AddrOfPinnedObject()];
            Assert.Equal(0, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, description));
        }
        finally
        {
            pin.Free();
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint syscall(nint number, nint operation, nint flags, nint[] arguments);
}
