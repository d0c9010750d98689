namespace ServiceHost.Linux;

/// <summary>
/// What statx(2) says without asking anybody: AT_STATX_DONT_SYNC keeps a FUSE or network filesystem from being called, so a
/// hostile server cannot stall the reader. Fields the kernel did not fill are zero.
/// </summary>
public readonly record struct FileIdentity(uint Mode, uint Uid, uint Gid, ulong Inode, uint DeviceMajor, uint DeviceMinor)
{
    /// <summary>The file-type bits (S_IFMT) of <see cref="Mode"/>.</summary>
    public uint FileType => Mode & 0xF000;

    public bool IsDirectory => FileType == 0x4000;

    public static Errno Read(Fd fd, out FileIdentity identity)
    {
        const uint typeModeOwnerInode = 0x1 | 0x2 | 0x8 | 0x10 | 0x100;
        Errno errno = StatxBuffer.Read(fd, typeModeOwnerInode, out StatxBuffer statx);
        identity = new FileIdentity(statx.Mode, statx.Uid, statx.Gid, statx.Inode, statx.DeviceMajor, statx.DeviceMinor);
        return errno;
    }
}
