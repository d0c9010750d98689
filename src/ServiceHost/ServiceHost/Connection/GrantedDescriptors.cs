using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Connection;

/// <summary>A role's answer with the descriptors that came along, before stage 2 gets them.</summary>
internal sealed class GrantedDescriptors(string role, Grant grant, IReadOnlyList<OwnedFd> fds) : IDisposable
{
    public string Role { get; } = role;

    public Grant Grant { get; } = grant;

    /// <summary>In the order of the descriptor bits of the grant's flags.</summary>
    public IReadOnlyList<OwnedFd> Fds { get; } = fds;

    public OwnedFd? Find(GrantFlags descriptor)
    {
        int index = Grant.Flags.IndexOf(descriptor);
        return index < 0 ? null : Fds[index];
    }

    public GrantedRole ToRole() => new()
    {
        Name = Role,
        Kind = Grant.Kind,
        Access = Grant.Access,
        RwClone = Find(GrantFlags.RwClone),
        RoClone = Find(GrantFlags.RoClone),
        File = Find(GrantFlags.File),
        RwMountId = Grant.RwMountId,
        RoMountId = Grant.RoMountId,
    };

    public void Dispose()
    {
        foreach (OwnedFd fd in Fds)
        {
            fd.Dispose();
        }
    }
}
