using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>
/// What makes two names the same node. The mount counts as well: the same inode met through two mounts of the source has two
/// parents and two sets of mount flags.
/// </summary>
internal readonly record struct InodeKey(ulong MountId, ulong Device, ulong Ino)
{
    public static InodeKey Of(in Statx stat) => new(stat.MountId, DeviceOf(stat), stat.Ino);

    public static ulong DeviceOf(in Statx stat) => ((ulong)stat.DevMajor << 32) | stat.DevMinor;

    /// <summary>Spreads well in the low bits, which a table masks out; HashCode.Combine is seeded per process and slower.</summary>
    public int Hash()
    {
        ulong mixed = (Ino * 0x9E37_79B9_7F4A_7C15) ^ (Device * 0xC2B2_AE3D_27D4_EB4F) ^ MountId;
        return (int)(mixed >> 32);
    }
}
