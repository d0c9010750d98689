namespace ServiceHost.Linux;

/// <summary>Device numbers in the two encodings that meet here: the kernel's 32-bit one (FUSE, major:12 minor:20) and glibc's dev_t.</summary>
public static class DeviceNumber
{
    /// <summary>new_encode_dev of the kernel.</summary>
    public static uint Encode32(uint major, uint minor) => (minor & 0xFF) | (major << 8) | ((minor & ~0xFFu) << 12);

    /// <summary>gnu_dev_makedev of the C library.</summary>
    public static ulong Encode64(uint major, uint minor) =>
        (((ulong)major & 0xFFFF_F000) << 32) | (((ulong)major & 0xFFF) << 8) | (((ulong)minor & 0xFFFF_FF00) << 12) | (minor & 0xFF);

    /// <summary>From the kernel's 32-bit form to dev_t.</summary>
    public static ulong Widen(uint encoded) =>
        Encode64((encoded & 0xF_FF00) >> 8, (encoded & 0xFF) | ((encoded >> 12) & 0xF_FF00));
}
