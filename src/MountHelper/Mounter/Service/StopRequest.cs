using ServiceHost.Linux;

namespace MountHelper;

/// <summary>Looks whether the caller wants out. Everything that waits looks, and everything that holds something rolls back.</summary>
internal static class StopRequest
{
    public static Fd Of(MountPlan plan) => plan.Stop is null ? new Fd(-1) : plan.Stop.Borrow();

    public static void ThrowIfPending(MountPlan plan)
    {
        if (plan.Stop is not null && Libc.WaitReadable(new Fd(-1), plan.Stop, Deadline.In(TimeSpan.Zero)) == Errno.ECANCELED)
        {
            throw Interrupted();
        }
    }

    public static MountFailedException Interrupted() => new(new MountFailure("interrupted by a signal")
    {
        Rule = Rule.SignalsRollBack,
        ExitCode = ExitCode.Interrupted,
    });
}
