namespace ServiceHost.Linux;

/// <summary>The mount API of Linux 5.2 and later: contexts and mounts are descriptors, and nothing is visible before move_mount.</summary>
public static unsafe partial class Libc
{
    private const int FSOPEN_CLOEXEC = 1;
    private const int FSMOUNT_CLOEXEC = 1;
    private const int FSCONFIG_SET_FLAG = 0;
    private const int FSCONFIG_SET_STRING = 1;
    private const int FSCONFIG_CMD_CREATE = 6;
    private const int OPEN_TREE_CLONE = 1;
    private const int OPEN_TREE_CLOEXEC = 0x80000;
    private const int AT_RECURSIVE_TREE = 0x8000;
    private const int AT_EMPTY_PATH_TREE = 0x1000;
    private const int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    private const int MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    /// <summary>fsopen(2): a context in which a superblock is configured. ENODEV: the kernel does not know the filesystem.</summary>
    public static Errno Fsopen(CString filesystem, out OwnedFd context)
    {
        fixed (byte* name = filesystem.Terminated)
        {
            return TakeFd(SystemCall.Call(SystemCallNumber.Fsopen, (nint)name, FSOPEN_CLOEXEC), out context);
        }
    }

    /// <summary>fsconfig(FSCONFIG_SET_STRING). When it fails, <see cref="FilesystemContextLog"/> has the kernel's own words.</summary>
    public static Errno FsconfigString(Fd context, CString key, CString value)
    {
        fixed (byte* k = key.Terminated)
        fixed (byte* v = value.Terminated)
        {
            return Errno.Of(SystemCall.Call(
                SystemCallNumber.Fsconfig, context.Number, FSCONFIG_SET_STRING, (nint)k, (nint)v, 0));
        }
    }

    /// <summary>fsconfig(FSCONFIG_SET_FLAG).</summary>
    public static Errno FsconfigFlag(Fd context, CString key)
    {
        fixed (byte* k = key.Terminated)
        {
            return Errno.Of(SystemCall.Call(SystemCallNumber.Fsconfig, context.Number, FSCONFIG_SET_FLAG, (nint)k, 0, 0));
        }
    }

    /// <summary>fsconfig(FSCONFIG_CMD_CREATE): makes the superblock. For FUSE the kernel queues INIT here and does not wait for it.</summary>
    public static Errno FsconfigCreate(Fd context) =>
        Errno.Of(SystemCall.Call(SystemCallNumber.Fsconfig, context.Number, FSCONFIG_CMD_CREATE, 0, 0, 0));

    /// <summary>fsmount(2): a detached mount of the created superblock. Closing it undoes the mount.</summary>
    public static Errno Fsmount(Fd context, MountAttributes attributes, out OwnedFd mount) =>
        TakeFd(SystemCall.Call(SystemCallNumber.Fsmount, context.Number, FSMOUNT_CLOEXEC, (nint)attributes), out mount);

    /// <summary>
    /// open_tree(OPEN_TREE_CLONE) of what <paramref name="source"/> points at: a detached copy whose root is its own "..".
    /// The descriptor is O_PATH. EINVAL: the source is in another mount namespace, or unbindable.
    /// </summary>
    public static Errno OpenTreeClone(Fd source, bool recursive, out OwnedFd tree)
    {
        nint flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH_TREE | (recursive ? AT_RECURSIVE_TREE : 0);
        byte empty = 0;
        return TakeFd(SystemCall.Call(SystemCallNumber.OpenTree, source.Number, (nint)(&empty), flags), out tree);
    }

    /// <summary>
    /// mount_setattr(2) on the mount that <paramref name="mount"/> is the root of. With <see cref="MountAttributes.IdMap"/> in
    /// <paramref name="set"/>, <paramref name="userNamespace"/> gives the map. A recursive call changes all mounts or none.
    /// </summary>
    public static Errno MountSetattr(
        Fd mount, bool recursive, MountAttributes set, MountAttributes clear, Fd userNamespace = default)
    {
        // struct mount_attr: attr_set, attr_clr, propagation (0: as it is), userns_fd.
        ulong* attr = stackalloc ulong[4] { (ulong)set, (ulong)clear, 0, (ulong)userNamespace.Number };
        byte empty = 0;
        nint flags = AT_EMPTY_PATH_TREE | (recursive ? AT_RECURSIVE_TREE : 0);
        return Errno.Of(SystemCall.Call(
            SystemCallNumber.MountSetattr, mount.Number, (nint)(&empty), flags, (nint)attr, 4 * sizeof(ulong)));
    }

    /// <summary>move_mount(2) of a detached mount onto a pinned directory or file; the one moment at which it becomes visible.</summary>
    public static Errno MoveMount(Fd mount, Fd mountpoint)
    {
        byte empty = 0;
        return Errno.Of(SystemCall.Call(
            SystemCallNumber.MoveMount, mount.Number, (nint)(&empty), mountpoint.Number, (nint)(&empty),
            MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
    }

    private static Errno TakeFd(long result, out OwnedFd fd)
    {
        Errno errno = Errno.Of(result);
        fd = OwnedFd.Take((int)result);
        return errno;
    }
}
