namespace ServiceHost.Linux;

/// <summary>statmount(2) and listmount(2) (Linux 6.8): the mount table by unique ids.</summary>
public static unsafe partial class Libc
{
    private const int MNT_ID_REQ_SIZE_VER0 = 24;
    private const ulong STATMOUNT_SB_BASIC = 1;
    private const ulong STATMOUNT_MNT_BASIC = 2;
    private const ulong LSMT_ROOT = ulong.MaxValue;
    private const int StatmountSize = 512;

    /// <summary>ENOENT when no mount of the caller's namespace has the id, ENOSYS where the kernel has no statmount.</summary>
    public static Errno StatmountExists(ulong uniqueId)
    {
        // struct mnt_id_req: u32 size, u32 zero, u64 mnt_id, u64 param.
        ulong* request = stackalloc ulong[3] { MNT_ID_REQ_SIZE_VER0, uniqueId, STATMOUNT_MNT_BASIC };
        byte* result = stackalloc byte[StatmountSize];
        return Errno.Of(SystemCall.Call(SystemCallNumber.Statmount, (nint)request, (nint)result, StatmountSize));
    }

    /// <summary>
    /// The number that statfs(2) calls f_type, of the filesystem of a mount; unlike statfs(2) this asks no filesystem. ENOENT when no
    /// mount of the caller's namespace has the id, ENOSYS where the kernel has no statmount.
    /// </summary>
    public static Errno StatmountMagic(ulong uniqueId, out ulong magic)
    {
        // struct statmount: u32 size, u32 mnt_opts, u64 mask, u32 sb_dev_major, u32 sb_dev_minor, u64 sb_magic.
        ulong* request = stackalloc ulong[3] { MNT_ID_REQ_SIZE_VER0, uniqueId, STATMOUNT_SB_BASIC };
        ulong* result = stackalloc ulong[StatmountSize / sizeof(ulong)];
        Errno errno = Errno.Of(SystemCall.Call(SystemCallNumber.Statmount, (nint)request, (nint)result, StatmountSize));
        magic = errno.IsOk ? result[3] : 0;
        return errno.IsOk && (result[1] & STATMOUNT_SB_BASIC) == 0 ? Errno.ENOSYS : errno;
    }

    /// <summary>The unique ids of all mounts below the caller's root, in the order they were made.</summary>
    public static Errno Listmount(Span<ulong> ids, ulong after, out int count)
    {
        ulong* request = stackalloc ulong[3] { MNT_ID_REQ_SIZE_VER0, LSMT_ROOT, after };
        long result;
        fixed (ulong* p = ids)
        {
            result = SystemCall.Call(SystemCallNumber.Listmount, (nint)request, (nint)p, ids.Length);
        }

        count = (int)Math.Max(0, result);
        return Errno.Of(result);
    }
}
