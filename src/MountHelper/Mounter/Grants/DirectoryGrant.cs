using System.Diagnostics.CodeAnalysis;
using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>
/// A directory tree as two detached mounts of it, one that may write and one that may not. ".." ends at their root, their flags bind
/// whoever opens through them, and their owners look, from inside the server's namespace, as they stand on disk. Nothing leads from
/// them to the rest of the host.
/// </summary>
public sealed class DirectoryGrant : IDisposable
{
    private DirectoryGrant(OwnedFd? readWrite, OwnedFd readOnly) => (ReadWrite, ReadOnly) = (readWrite, readOnly);

    /// <summary>O_PATH descriptor of the read-write clone's root; null for a read-only mount.</summary>
    public OwnedFd? ReadWrite { get; }

    /// <summary>O_PATH descriptor of the read-only clone's root.</summary>
    public OwnedFd ReadOnly { get; }

    /// <summary>Unique mount ids; 0 where the kernel has none or there is no such clone.</summary>
    public ulong ReadWriteMountId => ReadWrite is null ? 0 : MountIdentity.UniqueId(ReadWrite);

    public ulong ReadOnlyMountId => MountIdentity.UniqueId(ReadOnly);

    public static bool TryCreate(
        DirectoryGrantRequest request,
        [NotNullWhen(true)] out DirectoryGrant? grant,
        [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(request);
        grant = null;
        OwnedFd? readWrite = null;
        if (!request.ReadOnly && !CloneFactory.TryClone(request, readOnly: false, out readWrite, out refusal))
        {
            return false;
        }

        if (!CloneFactory.TryClone(request, readOnly: true, out OwnedFd? readOnly, out refusal))
        {
            readWrite?.Dispose();
            return false;
        }

        grant = new DirectoryGrant(readWrite, readOnly);
        return true;
    }

    public void Dispose()
    {
        ReadWrite?.Dispose();
        ReadOnly.Dispose();
    }
}
