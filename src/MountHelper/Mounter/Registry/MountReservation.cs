using System.Diagnostics.CodeAnalysis;
using MountHelper.Grants;
using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>
/// A registry entry that its Mounter is still filling. The ids in it are taken from the moment it exists. Dispose without
/// <see cref="Keep"/> removes it, which is the roll-back.
/// </summary>
public sealed class MountReservation : IDisposable
{
    private readonly MountRegistry _registry;
    private bool _kept;

    internal MountReservation(MountRegistry registry, RegistryEntry entry) => (_registry, Entry) = (registry, entry);

    public RegistryEntry Entry { get; private set; }

    public HostIdRange Range => Entry.Range;

    /// <summary>
    /// Writes what is known now; to be called before the attach, so that no mount is ever visible without its entry. Id, range, mounter and
    /// namespace stay as reserved.
    /// </summary>
    public bool TryConfirm(RegistryEntry details, [NotNullWhen(false)] out GrantRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(details);
        RegistryEntry confirmed = details with
        {
            Id = Entry.Id,
            IsConfirmed = true,
            Mounter = Entry.Mounter,
            MountNamespace = Entry.MountNamespace,
            Range = Entry.Range,
        };
        Errno errno = _registry.Write(confirmed);
        if (errno.IsError)
        {
            refusal = new GrantRefusal(RefusalKind.Registry, errno, $"cannot write the mount into {_registry.Path}: {errno}");
            return false;
        }

        (Entry, refusal) = (confirmed, null);
        return true;
    }

    /// <summary>The mount is attached: the entry outlives this process.</summary>
    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (!_kept)
        {
            _registry.Remove(Entry);
            _kept = true;
        }
    }
}
