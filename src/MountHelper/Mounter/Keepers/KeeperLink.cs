using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// What a keeper will be given, and the channel between it and the server. The server has its end from its first directory on; what it says
/// before there is a keeper waits in there.
/// </summary>
internal sealed class KeeperLink(SeqpacketSocket keepersEnd, SeqpacketSocket serversEnd) : IDisposable
{
    private readonly List<KeeperClones> _clones = [];

    /// <summary>What goes with the first grant of a directory.</summary>
    public OwnedFd ServersEnd => serversEnd.Handle;

    /// <summary>Whether the server has its end. It has it from the first directory on.</summary>
    public bool IsGranted => _clones.Count > 0;

    /// <summary>
    /// A clone of the mount's device that only the keeper has: the requests that the server has read end with the server's own.
    /// </summary>
    public OwnedFd? Device { get; set; }

    /// <summary>Files on these clones may be registered. False where mounts have no unique id: nothing could tell them apart.</summary>
    public bool TryAdd(DirectoryGrant clones)
    {
        KeeperClones pair = new(clones.ReadWriteMountId, clones.ReadOnlyMountId);
        bool known = pair.ReadOnlyMountId != 0;
        if (known)
        {
            _clones.Add(pair);
        }

        return known;
    }

    /// <summary>There is no answer to wait for; a keeper that is not there any more leaves the server without the other end.</summary>
    public Errno Assign(SeqpacketSocket keeper, uint quota) => keeper.Send(
        new KeeperAssignment(quota, _clones).Encode(), [Device!, keepersEnd.Handle], Deadline.In(TimeSpan.Zero));

    public void Dispose()
    {
        Device?.Dispose();
        keepersEnd.Dispose();
        serversEnd.Dispose();
    }
}
