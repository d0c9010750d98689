using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Keeper;

/// <summary>What a keeper was given: the connection it registers files with, the server's requests, and what may be registered.</summary>
internal sealed class KeptMount(OwnedFd device, OwnedFd channel, IReadOnlyList<KeeperClones> clones, uint quota) : IDisposable
{
    /// <summary>
    /// A clone of the device for the keeper alone, which it neither reads nor polls: while it is open the kernel takes the mount for a served one.
    /// </summary>
    public OwnedFd Device => device;

    public OwnedFd Channel => channel;

    public IReadOnlyList<KeeperClones> Clones => clones;

    public uint Quota => quota;

    /// <summary>The device first: callers of a mount whose server is gone wait until it is closed.</summary>
    public void Dispose()
    {
        device.Dispose();
        channel.Dispose();
    }
}
