using System.Diagnostics.CodeAnalysis;

namespace ServiceHost.Linux;

/// <summary>LANDLOCK_ACCESS_FS_*: what can be done below a path. A handled right is refused wherever no rule gives it.</summary>
[Flags]
[SuppressMessage("Design", "CA1028", Justification = "The kernel's field has 64 bits.")]
public enum LandlockAccess : ulong
{
    None = 0,
    Execute = 1 << 0,
    WriteFile = 1 << 1,
    ReadFile = 1 << 2,
    ReadDirectory = 1 << 3,
    RemoveDirectory = 1 << 4,
    RemoveFile = 1 << 5,
    MakeCharacterDevice = 1 << 6,
    MakeDirectory = 1 << 7,
    MakeRegular = 1 << 8,
    MakeSocket = 1 << 9,
    MakeFifo = 1 << 10,
    MakeBlockDevice = 1 << 11,
    MakeSymbolicLink = 1 << 12,

    /// <summary>Link or rename to another directory; ABI 2.</summary>
    Refer = 1 << 13,

    /// <summary>ABI 3.</summary>
    Truncate = 1 << 14,

    /// <summary>ioctl(2) of a device that is opened later; ABI 5.</summary>
    DeviceIoctl = 1 << 15,

    /// <summary>The rights that a rule about one file can give; more are EINVAL.</summary>
    OfFile = Execute | WriteFile | ReadFile | Truncate | DeviceIoctl,

    /// <summary>What reading a tree needs.</summary>
    Reading = ReadFile | ReadDirectory,

    /// <summary>All that a file server does in a tree of its own. Not in it: execution, block devices, ioctls of devices.</summary>
    Serving = Reading | WriteFile | RemoveDirectory | RemoveFile | MakeCharacterDevice | MakeDirectory | MakeRegular | MakeSocket
        | MakeFifo | MakeSymbolicLink | Refer | Truncate,
}
