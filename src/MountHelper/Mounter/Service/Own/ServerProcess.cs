using MountHelper.Grants;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>
/// Who sits at the other end, by the credentials the kernel puts on every packet: first stage 1 with the joiner's uid, later stage 2
/// with an id of the range that this mount was given. Whoever else holds the socket is not our server.
/// </summary>
internal sealed class ServerProcess
{
    /// <summary>
    /// The uid that a stage 1 takes which was started as root. It is outside the pool, so no stage 2 ever has it; it may be shared,
    /// because stage 1 reads no byte of an image.
    /// </summary>
    public const uint DefaultJoinerUid = 0x7FFF0000;

    private ServerProcess(uint joinerUid, string unit) => (JoinerUid, Unit) = (joinerUid, unit);

    public uint JoinerUid { get; }

    /// <summary>The systemd unit it runs in; empty when there is none.</summary>
    public string Unit { get; }

    /// <summary>Takes the sender of OLEH for the joiner.</summary>
    public static ServerProcess Of(PeerCredentials? sender)
    {
        uint uid = sender?.UserId ?? 0;
        MountFailedException.ThrowIfBroken(Rule.JoinerIsNeitherRootNorAMount, uid == 0 || IdPool.Contains(uid),
            $"the server runs as uid {uid}", "its first stage needs a service uid of its own, neither root's nor a mount's");
        return new ServerProcess(uid, ServerUnit.Of(sender));
    }

    public void Check(PeerCredentials? sender, HostIdRange range)
    {
        bool known = sender is { } peer && (peer.UserId == JoinerUid || range.Contains(peer.UserId));
        MountFailedException.ThrowIfBroken(Rule.SenderStaysTheServer, !known,
            $"a packet came from uid {sender?.UserId}, which is not the server's");
    }
}
