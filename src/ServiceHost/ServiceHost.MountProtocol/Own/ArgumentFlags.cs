namespace ServiceHost.MountProtocol;

/// <summary>What the Mounter decided about the mount and the server has to respect.</summary>
[Flags]
public enum ArgumentFlags : uint
{
    None = 0,
    ReadOnly = 1,
    Verbose = 2,

    /// <summary>The administrator wrote suid: set-user-ID bits and file capabilities may be stored.</summary>
    Suid = 4,

    /// <summary>The administrator wrote dev.</summary>
    Dev = 8,

    /// <summary>mount -s: options that the server does not know are passed over.</summary>
    Sloppy = 16,

    All = ReadOnly | Verbose | Suid | Dev | Sloppy,
}
