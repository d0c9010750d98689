using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>Filesystems for which close(2) of one of several descriptors does nothing: an error of writing is told by fsync or not at all.</summary>
internal static class SilentClose
{
    private const long Ext4 = 0xEF53;
    private const long Xfs = 0x5846_5342;
    private const long Btrfs = 0x9123_683E;
    private const long Tmpfs = 0x0102_1994;

    /// <summary>False for what is not known: network filesystems send their data at close, and may fail then.</summary>
    public static bool IsOn(Fd root) => Libc.Fstatfs(root, out StatfsBuffer status).IsOk && status.Type is Ext4 or Xfs or Btrfs or Tmpfs;
}
