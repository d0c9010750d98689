using System.Numerics;

namespace ServiceHost.MountProtocol;

/// <summary>The low bits tell which descriptors come with a GRNT, in this order.</summary>
[Flags]
public enum GrantFlags : uint
{
    None = 0,

    /// <summary>A directory as read-write detached clone (O_PATH).</summary>
    RwClone = 1,

    /// <summary>The same directory as read-only detached clone (O_PATH).</summary>
    RoClone = 2,

    /// <summary>A regular file or block device, opened.</summary>
    File = 4,

    /// <summary>The user namespace that stage 2 joins; the ids and capabilities of the grant are inside it.</summary>
    UserNamespace = 8,

    /// <summary>The server's end of the channel to the keeper of the mount; once in a conversation, with a directory.</summary>
    Keeper = 16,

    Descriptors = RwClone | RoClone | File | UserNamespace | Keeper,

    /// <summary>The clones are id-mapped to the namespace: owners inside look as on disk.</summary>
    Idmapped = 0x100,

    /// <summary>FILE is a loop device over the part of the image that was asked for.</summary>
    Loop = 0x200,

    All = Descriptors | Idmapped | Loop,
}

public static class GrantFlagsExtensions
{
    public static int DescriptorCount(this GrantFlags flags) => BitOperations.PopCount((uint)(flags & GrantFlags.Descriptors));

    /// <summary>The place of <paramref name="descriptor"/> (one bit) among the descriptors of the packet, -1 when it is not there.</summary>
    public static int IndexOf(this GrantFlags flags, GrantFlags descriptor) =>
        flags.HasFlag(descriptor) ? DescriptorCount(flags & (descriptor - 1)) : -1;
}
