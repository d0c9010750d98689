using ServiceHost.Linux;

namespace MountHelper;

/// <summary>/etc/fuse.conf: what fusermount3 allows to users. The broker allows them no more.</summary>
public sealed record FuseConf
{
    public const string Path = "/etc/fuse.conf";

    private const int DefaultMountMax = 1000;

    /// <summary>How many FUSE mounts there may be; null is any number, written as -1.</summary>
    public int? MountMax { get; init; } = DefaultMountMax;

    /// <summary>Whether a user may ask for allow_other.</summary>
    public bool UserAllowOther { get; init; }

    /// <summary>Lines that mean nothing. As for fusermount3 they are no reason to refuse, only to speak.</summary>
    public IReadOnlyList<string> Complaints { get; init; } = [];

    public static FuseConf Load() => Load(CString.FromTerminated("/etc/fuse.conf\0"u8));

    public static FuseConf Load(CString path) =>
        RootsFile.Read(path, Path) is byte[] text ? FuseConfReader.Read(text) : new FuseConf();
}
