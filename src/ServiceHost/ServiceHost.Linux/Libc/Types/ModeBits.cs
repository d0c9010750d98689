namespace ServiceHost.Linux;

/// <summary>The bits of st_mode.</summary>
[Flags]
public enum ModeBits : uint
{
    None = 0,

    /// <summary>S_IXGRP.</summary>
    GroupExecute = 0x0008,

    /// <summary>S_ISVTX.</summary>
    Sticky = 0x0200,

    /// <summary>S_ISGID.</summary>
    SetGroupId = 0x0400,

    /// <summary>S_ISUID.</summary>
    SetUserId = 0x0800,

    /// <summary>07777: what chmod(2) can set.</summary>
    PermissionMask = 0x0FFF,

    /// <summary>S_IFIFO.</summary>
    Fifo = 0x1000,

    /// <summary>S_IFCHR.</summary>
    CharacterDevice = 0x2000,

    /// <summary>S_IFDIR.</summary>
    Directory = 0x4000,

    /// <summary>S_IFBLK.</summary>
    BlockDevice = 0x6000,

    /// <summary>S_IFREG.</summary>
    Regular = 0x8000,

    /// <summary>S_IFLNK.</summary>
    SymbolicLink = 0xA000,

    /// <summary>S_IFSOCK.</summary>
    Socket = 0xC000,

    /// <summary>S_IFMT.</summary>
    TypeMask = 0xF000,
}
