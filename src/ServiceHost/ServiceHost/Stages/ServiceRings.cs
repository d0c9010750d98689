using ServiceHost.Fuse;
using ServiceHost.Linux;
using ServiceHost.Options;

namespace ServiceHost.Stages;

/// <summary>
/// The rings of a mount with transport=uring. They are made before the filter, which makes them impossible, and for a server that has read
/// nothing yet.
/// </summary>
internal static class ServiceRings
{
    /// <summary>Null when requests come by /dev/fuse.</summary>
    public static FuseRingSet? MakeFor(ServiceContext context)
    {
        if (context.Options.Get(CommonOptions.Transport) != Transport.Uring)
        {
            return null;
        }

        if (context.PossibleCpus == 0)
        {
            throw new ServiceException("transport=uring: nobody could tell how many CPUs the machine can have, and the kernel wants a queue for each");
        }

        Errno errno = FuseRingSet.Create(Math.Min(context.Workers, FuseSession.MaxWorkers - 1), context.PossibleCpus, out FuseRingSet? rings);
        return errno.IsOk
            ? rings
            : throw new ServiceException($"transport=uring: io_uring cannot be set up: {errno} (is it switched off by the sysctl kernel.io_uring_disabled?)");
    }

    /// <summary>A request that waits keeps its place in a ring, and there may be no end of waiting locks.</summary>
    public static void ThrowIfUnsuited(FuseRingSet? rings, FuseMountPlan plan)
    {
        const FuseInitFlags waiting = FuseInitFlags.PosixLocks | FuseInitFlags.FlockLocks;
        if (rings is not null && ((plan.Init.Wanted | plan.Init.Required) & waiting) != 0)
        {
            throw new ServiceException("transport=uring does not go with locks that wait in the server (locks=shared): leave one of them out");
        }
    }
}
