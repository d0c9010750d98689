using ServiceHost.Linux;
using static ServiceHost.Linux.X64Call;

namespace MountHelper.Keeper;

/// <summary>
/// The system calls of a keeper that has its assignment. None takes a path: a keeper sees descriptors, and of the device's commands the two
/// that registering is made of.
/// </summary>
internal static class KeeperSystemCalls
{
    private const uint F_GETFL = 3;
    private const uint FUSE_DEV_IOC_BACKING_OPEN = 0x4010_E501;
    private const uint FUSE_DEV_IOC_BACKING_CLOSE = 0x4004_E502;

    public static SystemCallPolicy For(Fd device)
    {
        ArgumentCheck onDevice = ArgumentCheck.Int(0, (uint)device.Number);
        return new SystemCallPolicy(
            RuntimeSystemCalls.For(Environment.ProcessId),
            [
                SystemCallRule.Allow(Close),
                SystemCallRule.AllowWhen(Fcntl, ArgumentCheck.Int(1, F_GETFL)),
                SystemCallRule.AllowWhen(Ioctl, onDevice, ArgumentCheck.Int(1, FUSE_DEV_IOC_BACKING_OPEN)),
                SystemCallRule.AllowWhen(Ioctl, onDevice, ArgumentCheck.Int(1, FUSE_DEV_IOC_BACKING_CLOSE)),
                SystemCallRule.Allow(Poll),
                SystemCallRule.Allow(Recvmsg),

                // To the peer only.
                SystemCallRule.AllowWhen(Sendto, ArgumentCheck.Long(4, 0)),
                SystemCallRule.AllowWhen(X64Call.Statx, ArgumentCheck.Int(2, (uint)FileJudge.KernelOnly)),
                SystemCallRule.AllowWhen(Write, ArgumentCheck.Int(0, 2)),
            ]);
    }
}
