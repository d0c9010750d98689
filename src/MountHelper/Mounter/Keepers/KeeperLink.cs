using MountHelper.Grants;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>A keeper that was asked for, and the channel between it and the server. Both have their ends when the mount is made.</summary>
internal sealed class KeeperLink(SeqpacketSocket connection, SeqpacketSocket keepersEnd, SeqpacketSocket serversEnd) : IDisposable
{
    private readonly List<KeeperClones> _clones = [];

    /// <summary>What goes with the first grant of a directory.</summary>
    public OwnedFd ServersEnd => serversEnd.Handle;

    /// <summary>Whether the server has its end. It has it from the first directory on.</summary>
    public bool IsGranted => _clones.Count > 0;

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

    /// <summary>
    /// Hands the device over, a clone of it that only the keeper has: the requests that the server has read end with the server's own. There is no answer
    /// to wait for; a keeper that is not there any more leaves the server without the other end.
    /// </summary>
    public Errno Assign(OwnedFd device, uint quota)
    {
        Errno errno = connection.Send(
            new KeeperAssignment(quota, _clones).Encode(), [device, keepersEnd.Handle], Deadline.In(TimeSpan.Zero));
        Dispose();
        return errno;
    }

    public void Dispose()
    {
        connection.Dispose();
        keepersEnd.Dispose();
        serversEnd.Dispose();
    }
}
