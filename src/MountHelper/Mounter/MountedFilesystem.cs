using MountHelper.Mounting;
using ServiceHost.Linux;

namespace MountHelper;

/// <summary>What the kernel's table says about the mount that a pinned descriptor is the root of. Asks no filesystem.</summary>
internal static class MountedFilesystem
{
    /// <summary>null when the descriptor is not the root of a mount of this namespace.</summary>
    public static MountTableEntry? Find(OwnedFd root)
    {
        if (MountTable.Read(out MountTable table).IsError || DescriptorPath.Read(root, out string path).IsError)
        {
            return null;
        }

        MountTableEntry? entry = table.Find(MountIdentity.ReusableId(root));
        return entry is not null && entry.Mountpoint == path ? entry : null;
    }

    /// <summary>Any FUSE filesystem of a server when no type is named.</summary>
    public static bool IsOfType(MountTableEntry entry, ServiceType? type) => type is not null
        ? entry.Type == $"fuse.{type.Name}" || entry.Type == $"fuseblk.{type.Name}"
        : entry.Type.StartsWith("fuse.", StringComparison.Ordinal) || entry.Type.StartsWith("fuseblk.", StringComparison.Ordinal);

    public static bool HasOption(MountTableEntry entry, string word) => entry.SuperOptions.Split(',').Contains(word);

    public static bool HasOption(MountTableEntry entry, OptionWord word) => word.Name switch
    {
        "fsname" or "source" => word.HasValue && word.ToKernelText() == $"{word.Name}={entry.Source}",
        "subtype" => word.HasValue && entry.Type.EndsWith("." + word.ToKernelText()["subtype=".Length..], StringComparison.Ordinal),
        _ => HasOption(entry, word.ToKernelText()),
    };
}
