namespace ServiceHost.Linux;

/// <summary>One line of /proc/self/mountinfo. Paths are unescaped and for comparing and showing, not for opening.</summary>
public sealed record MountTableEntry(
    ulong Id, ulong ParentId, uint DeviceMajor, uint DeviceMinor, string Mountpoint, string Type, string Source)
{
    /// <summary>The superblock's options, as the filesystem lists them.</summary>
    public string SuperOptions { get; init; } = "";

    /// <summary>Nobody can write through this mount, whatever its superblock allows.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Cloning a tree leaves this mount out.</summary>
    public bool IsUnbindable { get; init; }
}
