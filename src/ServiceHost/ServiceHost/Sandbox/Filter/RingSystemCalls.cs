using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>
/// For a server whose requests come over io_uring: submitting to the rings that it has, and waiting. It makes no other, and what these may do
/// was settled before (io_uring_setup and io_uring_register stay refused).
/// </summary>
internal static class RingSystemCalls
{
    private const uint IORING_ENTER_GETEVENTS = 1;

    public static IReadOnlyList<SystemCallRule> Rules { get; } =
    [
        SystemCallRule.AllowWhen(X64Call.IoUringEnter, ArgumentCheck.Without(3, ~IORING_ENTER_GETEVENTS), ArgumentCheck.Long(4, 0)),
    ];
}
