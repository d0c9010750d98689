namespace Servers.Ext4.Server;

/// <summary>FS_XFLAG_*: the flags of chattr that FS_IOC_FSGETXATTR knows, under other numbers.</summary>
internal static class FsxFlags
{
    private static readonly (InodeFlags Flag, uint Fsx)[] s_pairs =
    [
        (InodeFlags.Immutable, 0x8), (InodeFlags.Append, 0x10), (InodeFlags.Sync, 0x20), (InodeFlags.NoAtime, 0x40), (InodeFlags.NoDump, 0x80),
        (InodeFlags.ProjectInherit, 0x200), (InodeFlags.Dax, 0x8000), (InodeFlags.Verity, 0x2_0000),
    ];

    public static uint Of(InodeFlags flags)
    {
        uint result = 0;
        foreach ((InodeFlags flag, uint fsx) in s_pairs)
        {
            result |= (flags & flag) != 0 ? fsx : 0;
        }

        return result;
    }
}
