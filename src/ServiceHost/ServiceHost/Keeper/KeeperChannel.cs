using ServiceHost.Linux;
using static ServiceHost.Linux.X64Call;

namespace ServiceHost.Keeper;

/// <summary>Where stage 2 has the channel to its keeper, and what it may do there.</summary>
internal static class KeeperChannel
{
    /// <summary>
    /// The number of standard input, which no server reads. It matters: descriptors can only be sent with sendmsg(2), whose address lies
    /// behind a pointer, where a filter cannot see it; a datagram socket under this number (that of sd_notify is one) could send to anybody. But nothing that
    /// makes a socket is allowed, and duplicates are made from 3 on, so what is at 0 is the channel or no socket at all.
    /// </summary>
    public const ushort Number = 0;

    public static IReadOnlyList<SystemCallRule> SystemCalls { get; } = [SystemCallRule.AllowWhen(Sendmsg, ArgumentCheck.Int(0, Number))];
}
