using System.Globalization;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The filesystems that a user may cover: those that fusermount3 lets users mount over, by the same numbers. What is not among them (proc,
/// sysfs, cgroup, debugfs, bpf ...) has directories that a user can write to and must not be able to replace.
/// </summary>
internal static class CoverableFilesystems
{
    private const ulong Fuse = 0x65735546;

    private static readonly HashSet<ulong> s_magics =
    [
        0x61756673, // aufs
        0x00000187, // autofs
        0xCA451A4E, // bcachefs
        0x9123683E, // btrfs
        0x00C36400, // ceph
        0xFF534D42, // cifs
        0x0000F15F, // ecryptfs
        0x2011BAB0, // exfat
        0x0000EF53, // ext2, ext3, ext4
        0xF2F52010, // f2fs
        Fuse,
        0x01161970, // gfs2
        0x47504653, // gpfs
        0x0000482B, // hfsplus
        0x000072B6, // jffs2
        0x3153464A, // jfs
        0x0BD00BD0, // lustre
        0x00004D44, // msdos
        0x0000564C, // ncp
        0x00006969, // nfs
        0x00003434, // nilfs
        0x5346544E, // ntfs
        0x7366746E, // ntfs3
        0x5346414F, // openafs
        0x794C7630, // overlayfs
        0xAAD7AAEA, // panfs
        0x52654973, // reiserfs
        0xFE534D42, // smb2
        0x73717368, // squashfs
        0x01021994, // tmpfs
        0x24051905, // ubifs
        0x18031977, // wekafs
        0x736675005346544E, // ufsd
        0x58465342, // xfs
        0x2FC12FC1, // zfs
        0x858458F6, // ramfs
    ];

    public static void Check(MountTarget target, MountTableEntry entry)
    {
        ulong magic = MagicOf(target.Handle, entry);
        MountFailedException.ThrowIfBroken(Rule.MountpointFilesystemIsAllowed, !s_magics.Contains(magic),
            string.Create(CultureInfo.InvariantCulture,
                $"users may not mount over {DisplayText.FromBytes(System.Text.Encoding.Latin1.GetBytes(entry.Type))} (filesystem type 0x{magic:x8})"));
    }

    /// <summary>
    /// The kernel's own knowledge where it tells it. statfs(2) asks the filesystem, and a FUSE server need not answer; before statmount(2)
    /// that one is known by its name.
    /// </summary>
    private static ulong MagicOf(OwnedFd mountpoint, MountTableEntry entry)
    {
        ulong id = MountIdentity.UniqueId(mountpoint);
        if (id != 0 && Libc.StatmountMagic(id, out ulong magic).IsOk)
        {
            return magic;
        }

        if (entry.Type.StartsWith("fuse", StringComparison.Ordinal))
        {
            return entry.Type == "fusectl" ? 0 : Fuse;
        }

        return Libc.Fstatfs(mountpoint, out StatfsBuffer status).IsOk ? (ulong)status.Type : 0;
    }
}
