using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>From policy and a file's attributes to what is registered, before anything is opened.</summary>
internal sealed class BackingChooser(BackingPolicy policy, long minSize, bool isReadOnlyMount)
{
    private const ModeBits AnyExecute = (ModeBits)0x49;

    /// <param name="stat">Mode and size now.</param>
    /// <param name="writes">The caller opens for writing, or truncates.</param>
    /// <param name="isEmptied">The file is new or truncated by this open: its size says nothing about what will be in it.</param>
    public BackingKind Choose(in Statx stat, bool writes, bool isEmptied) =>
        !isEmptied && stat.Size < (ulong)minSize ? BackingKind.None : Choose(stat.Mode, writes);

    /// <summary>Without a look at the size, for a file that does not exist yet.</summary>
    public BackingKind Choose(ModeBits mode, bool writes)
    {
        // A write to a backing file takes set-ID bits away whoever writes, and a mount of root's keeps them for root.
        if (policy == BackingPolicy.Never || (mode & (ModeBits.SetUserId | ModeBits.SetGroupId)) != 0)
        {
            return BackingKind.None;
        }

        if (isReadOnlyMount)
        {
            return BackingKind.ReadOnly;
        }

        if (policy == BackingPolicy.ReadOnly)
        {
            return writes ? BackingKind.None : BackingKind.ReadOnly;
        }

        bool isExecutable = (mode & AnyExecute) != 0;
        return !isExecutable ? BackingKind.ReadWrite
            : policy == BackingPolicy.Auto ? BackingKind.None
            : writes ? BackingKind.ReadWrite : BackingKind.ReadOnly;
    }
}
