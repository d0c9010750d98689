using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>An io_uring walks around the filter, so each ring is asked for what the filter refuses.</summary>
internal static class RingChecks
{
    public static void Check(IReadOnlyList<IoUring> rings, PropertyReport report)
    {
        foreach (IoUring ring in rings)
        {
            CheckRefused(report, ring, "socket", RingProbe.OpenSocket(ring));
            CheckRefused(report, ring, "openat", RingProbe.OpenNothing(ring));
            CheckRefused(report, ring, "connect", RingProbe.ConnectNothing(ring));
        }
    }

    private static void CheckRefused(PropertyReport report, IoUring ring, string operation, Errno answer) => report(
        ContainmentProperty.Rings, answer == Errno.EACCES, $"{operation} on ring {ring.Number}: {(answer.IsOk ? "allowed" : answer.Name)}");
}
