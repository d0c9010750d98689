namespace Servers.Ext4;

/// <summary>What a caller acts on. Each kind stands for one errno, so that a server translates with a single switch.</summary>
public enum Ext4ErrorKind
{
    None,

    /// <summary>EUCLEAN: a structure on the disk cannot be.</summary>
    Corrupted,

    /// <summary>EBADMSG: a checksum does not match.</summary>
    BadChecksum,

    /// <summary>EIO: the device failed, or what is stored makes no sense to read (a directory without blocks).</summary>
    Io,

    /// <summary>ENOENT.</summary>
    NotFound,

    /// <summary>EPERM: an encrypted directory holds something that is not encrypted like it.</summary>
    NotPermitted,

    /// <summary>ENOTDIR.</summary>
    NotDirectory,

    /// <summary>EISDIR.</summary>
    IsDirectory,

    /// <summary>ENODATA: no such extended attribute.</summary>
    NoAttribute,

    /// <summary>ERANGE: the caller's buffer is too small.</summary>
    BufferTooSmall,

    /// <summary>ENAMETOOLONG.</summary>
    NameTooLong,

    /// <summary>EINVAL: the operation does not fit this file.</summary>
    Invalid,

    /// <summary>ENXIO: no data or hole at or behind this offset.</summary>
    NoSuchOffset,

    /// <summary>ESTALE: the inode is not in use.</summary>
    Stale,

    /// <summary>ENOKEY: the content is encrypted and no key can be given.</summary>
    NoKey,

    /// <summary>EOPNOTSUPP: a feature of the file that is not read.</summary>
    NotSupported,
}
