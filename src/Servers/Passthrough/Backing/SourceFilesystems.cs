using System.Collections.Concurrent;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// What the filesystems below the source are, as far as it matters. Several when other mounts lie below it. A device is looked at once.
/// </summary>
internal sealed class SourceFilesystems
{
    private readonly ConcurrentDictionary<ulong, Traits> _byDevice = new();

    [Flags]
    private enum Traits
    {
        None = 0,
        Stacked = 1,
        Remote = 2,
    }

    /// <summary>It lies on another: opening for writing may copy the whole file up, and the kernel refuses it as a backing file.</summary>
    public bool IsStacked(ulong device, Fd file) => (TraitsOf(device, file) & Traits.Stacked) != 0;

    /// <summary>A close there can report that an earlier write was lost.</summary>
    public bool TellsByClose(ulong device, Fd file) => (TraitsOf(device, file) & Traits.Remote) != 0;

    private Traits TraitsOf(ulong device, Fd file)
    {
        if (_byDevice.TryGetValue(device, out Traits known))
        {
            return known;
        }

        Traits traits = Libc.Fstatfs(file, out StatfsBuffer statfs).IsOk ? TraitsOf(statfs.Type) : Traits.Stacked | Traits.Remote;
        _byDevice[device] = traits;
        return traits;
    }

    /// <summary>The numbers of linux/magic.h, in its order.</summary>
    private static Traits TraitsOf(long magic) => magic switch
    {
        0x5346414F or 0x6B414653 => Traits.Remote, // AFS
        0x00C36400 => Traits.Remote, // CEPH
        0x73757245 => Traits.Remote, // CODA
        0x0000F15F => Traits.Stacked | Traits.Remote, // ECRYPTFS
        0x65735546 => Traits.Remote, // FUSE
        0x00006969 => Traits.Remote, // NFS
        0x794C7630 => Traits.Stacked | Traits.Remote, // OVERLAYFS
        0x0000517B or 0xFF534D42 or 0xFE534D42 => Traits.Remote, // SMB, CIFS, SMB2
        0x01021997 => Traits.Remote, // V9FS
        _ => Traits.None,
    };
}
