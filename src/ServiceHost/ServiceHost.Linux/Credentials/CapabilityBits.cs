namespace ServiceHost.Linux;

/// <summary>Masks of the capabilities that setfsuid(2) touches or that a request needs (capability(7)).</summary>
internal static class CapabilityBits
{
    internal const ulong DacOverride = 1UL << 1;
    internal const ulong Fsetid = 1UL << 4;
    internal const ulong Setgid = 1UL << 6;
    internal const ulong Setuid = 1UL << 7;

    /// <summary>
    /// What the kernel takes from the effective set when the filesystem uid leaves 0 (CAP_FS_SET): CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH,
    /// FOWNER, FSETID, LINUX_IMMUTABLE, MKNOD, MAC_OVERRIDE.
    /// </summary>
    internal const ulong FilesystemSet = 0b1_1111 | (1UL << 9) | (1UL << 27) | (1UL << 32);
}
