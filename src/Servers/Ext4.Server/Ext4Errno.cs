using ServiceHost.Linux;

namespace Servers.Ext4.Server;

/// <summary>The one place where the library's errors become numbers that the kernel knows.</summary>
internal static class Ext4Errno
{
    public static Errno From(Ext4ErrorKind kind) => kind switch
    {
        Ext4ErrorKind.None => Errno.None,
        Ext4ErrorKind.Corrupted => Errno.EUCLEAN,
        Ext4ErrorKind.BadChecksum => Errno.EBADMSG,
        Ext4ErrorKind.NotFound => Errno.ENOENT,
        Ext4ErrorKind.NotDirectory => Errno.ENOTDIR,
        Ext4ErrorKind.IsDirectory => Errno.EISDIR,
        Ext4ErrorKind.NoAttribute => Errno.ENODATA,
        Ext4ErrorKind.BufferTooSmall => Errno.ERANGE,
        Ext4ErrorKind.NameTooLong => Errno.ENAMETOOLONG,
        Ext4ErrorKind.Invalid => Errno.EINVAL,
        Ext4ErrorKind.NoSuchOffset => Errno.ENXIO,
        Ext4ErrorKind.Stale => Errno.ESTALE,
        Ext4ErrorKind.NoKey => Errno.ENOKEY,
        Ext4ErrorKind.NotSupported => Errno.EOPNOTSUPP,
        _ => Errno.EIO,
    };
}
