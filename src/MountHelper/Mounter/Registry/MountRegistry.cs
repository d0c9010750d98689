using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MountHelper.Grants;
using MountHelper.Mounting;
using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>
/// The mounts of this machine as small files in a directory that only root may enter. It survives every process of ours; an entry
/// whose mount is gone is stale, and whoever meets it removes it.
/// </summary>
public sealed class MountRegistry : IDisposable
{
    public const string DefaultPath = "/run/fuservice/mounts";
    private const string LockName = ".lock";
    private const uint OwnerOnly = 0x1C0;

    private readonly StateDirectory _directory;

    private MountRegistry(StateDirectory directory, string path) => (_directory, Path) = (directory, path);

    public string Path { get; }

    public static bool TryOpen(
        [NotNullWhen(true)] out MountRegistry? registry,
        [NotNullWhen(false)] out GrantRefusal? refusal,
        string path = DefaultPath)
    {
        Errno errno = StateDirectory.Open(path, OwnerOnly, out StateDirectory? directory);
        registry = errno.IsOk ? new MountRegistry(directory!, path) : null;
        refusal = errno.IsOk ? null : new GrantRefusal(
            RefusalKind.Registry, errno, $"cannot use {path}: {errno}",
            errno == Errno.EPERM ? "it and the directories above it must belong to root and be writable by root alone" : null);
        return errno.IsOk;
    }

    /// <summary>
    /// Makes an entry with a free range of <paramref name="idCount"/> private ids, or with none for 0. Held under the registry's lock
    /// only as long as it takes to write the entry. A user's mount is counted here.
    /// </summary>
    public bool TryReserve(
        uint idCount,
        Deadline deadline,
        [NotNullWhen(true)] out MountReservation? reservation,
        [NotNullWhen(false)] out GrantRefusal? refusal,
        MountQuota? quota = null)
    {
        reservation = null;
        Errno errno = _directory.Lock(LockName, deadline, out OwnedFd held);
        if (errno.IsError)
        {
            refusal = new GrantRefusal(RefusalKind.Registry, errno, $"cannot lock {Path}: {errno}");
            return false;
        }

        using (held)
        {
            // Under the lock: of two that count at the same time, one counts the other.
            refusal = quota?.Refuse(this);
            return refusal is null && IdRangeAllocator.TryReserve(this, held, idCount, quota, out reservation, out refusal);
        }
    }

    /// <summary>The entries of living mounts and of mounts being made; stale ones are removed on the way.</summary>
    public IReadOnlyList<RegistryEntry> ReadLive()
    {
        StalenessCheck check = new();
        List<RegistryEntry> live = [];
        foreach (RegistryEntry entry in ReadAll())
        {
            if (check.IsStale(entry))
            {
                Remove(entry);
            }
            else
            {
                live.Add(entry);
            }
        }

        return live;
    }

    /// <summary>The confirmed entry of a mount, found by what the kernel says about the mount itself.</summary>
    public RegistryEntry? Find(MountName mount) =>
        ReadLive().FirstOrDefault(entry => entry.IsConfirmed && StalenessCheck.IsSame(entry.Mount, mount));

    public Errno Remove(RegistryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _directory.Delete(NameOf(entry.Id));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>E2BIG for an entry that a reader would not believe: a name longer than any path.</summary>
    internal Errno Write(RegistryEntry entry)
    {
        byte[] text = RegistryFormat.Write(entry);
        return RegistryFormat.TryRead(entry.Id, text) is null ? Errno.E2BIG : _directory.Write(NameOf(entry.Id), text);
    }

    /// <summary>The first id from <paramref name="next"/> on that no file has, whatever the state file says and whatever the file is.</summary>
    internal ulong FreeId(ulong next)
    {
        HashSet<string> taken = _directory.List(out List<string> names).IsOk ? [.. names] : [];
        while (taken.Contains(NameOf(next)))
        {
            next = next == ulong.MaxValue ? 1 : next + 1;
        }

        return next;
    }

    /// <summary>What is not an entry is left alone: it is not ours to remove, and no range in it is believed.</summary>
    internal List<RegistryEntry> ReadAll()
    {
        List<RegistryEntry> entries = [];
        Errno errno = _directory.List(out List<string> names);
        foreach (string name in errno.IsOk ? names : [])
        {
            if (ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && name == NameOf(id)
                && _directory.Read(name, RegistryFormat.MaxLength, out byte[] text).IsOk
                && RegistryFormat.TryRead(id, text) is RegistryEntry entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    private static string NameOf(ulong id) => id.ToString(CultureInfo.InvariantCulture);
}
