namespace ServiceHost.MountProtocol;

/// <summary>Every size that a peer chooses has its bound here, and is compared with it before anything is allocated.</summary>
public static class Limits
{
    /// <summary>The largest packet of either dialect.</summary>
    public const int PacketBytes = 65536;

    /// <summary>A type or a role.</summary>
    public const int NameBytes = 64;

    /// <summary>A reason, a note or a goodbye that a person will read.</summary>
    public const int TextBytes = 1024;

    /// <summary>A path or an option list inside a packet of v1 (PATH_MAX with its NUL).</summary>
    public const int PathBytes = 4096;

    /// <summary>Supplementary groups in one packet.</summary>
    public const int Groups = 8192;

    /// <summary>Lines of an id map: the kernel takes no more.</summary>
    public const int Extents = 340;

    /// <summary>The whole argument memfd.</summary>
    public const int ArgumentBytes = 256 * 1024;

    public const int Arguments = 64;

    /// <summary>ROLE requests of one conversation.</summary>
    public const int Roles = 8;

    /// <summary>OPEN and BDEV requests of one conversation of v1.</summary>
    public const int Files = 64;

    /// <summary>NOTEs of one conversation.</summary>
    public const int Notes = 16;

    /// <summary>/dev/fuse descriptors of one mount.</summary>
    public const int Devices = 64;

    /// <summary>Descriptors that can come with one request to the broker: mountpoint, SOURCE twice, its journal.</summary>
    public const int BrokerFds = 4;

    /// <summary>The options in one request to the broker.</summary>
    public const int BrokerOptionBytes = 16 * 1024;

    /// <summary>The line that a caller of the broker gets in the end; with two paths in it, each byte spelled out, it can be long.</summary>
    public const int BrokerAnswerBytes = 40 * 1024;

    /// <summary>Descriptors that can come with one GRNT: a bit of GrantFlags each.</summary>
    public const int GrantFds = 5;
}
