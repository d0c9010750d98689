using ServiceHost.Linux;
using static ServiceHost.Linux.X64Call;

namespace ServiceHost.Sandbox;

/// <summary>
/// For servers that live on descriptors of an image or device, and the default: no path can be opened, created or changed, not even
/// one that exists.
/// </summary>
public static class ImageSystemCalls
{
    private const uint BLKROGET = 0x125E;
    private const uint BLKGETSIZE64 = 0x8008_1272;
    private const uint BLKSSZGET = 0x1268;
    private const uint BLKDISCARD = 0x1277;
    private const uint BLKFLSBUF = 0x1261;

    public static IReadOnlyList<SystemCallRule> Rules { get; } =
    [
        SystemCallRule.Allow(Fadvise64),
        SystemCallRule.Allow(Fallocate),
        SystemCallRule.Allow(Fdatasync),
        SystemCallRule.Allow(Flock),
        SystemCallRule.Allow(Fstatfs),
        SystemCallRule.Allow(Fsync),
        SystemCallRule.AllowOneOf(Ioctl, 1, BLKROGET, BLKGETSIZE64, BLKSSZGET, BLKDISCARD, BLKFLSBUF),
        SystemCallRule.Allow(Preadv),
        SystemCallRule.Allow(Preadv2),
        SystemCallRule.Allow(Pwrite64),
        SystemCallRule.Allow(Pwritev),
        SystemCallRule.Allow(Pwritev2),
        SystemCallRule.Allow(SyncFileRange),
    ];
}
