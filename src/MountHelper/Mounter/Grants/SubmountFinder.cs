using System.Diagnostics.CodeAnalysis;
using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Grants;

/// <summary>Whether anything is mounted below a directory.</summary>
internal static class SubmountFinder
{
    /// <summary>
    /// True with one mount below <paramref name="directory"/> that <paramref name="counts"/>; also true when that cannot be told,
    /// because the answer guards what a clone without the mount would uncover.
    /// </summary>
    internal static bool TryFind(Fd directory, Predicate<MountTableEntry> counts, [NotNullWhen(true)] out string? submount)
    {
        submount = "something";
        if (MountTable.Read(out MountTable table).IsError || DescriptorPath.Read(directory, out string path).IsError)
        {
            return true;
        }

        submount = Below(table, MountIdentity.ReusableId(directory), path).FirstOrDefault(entry => counts(entry)) is MountTableEntry found
            ? DisplayText.FromBytes(Encoding.Latin1.GetBytes(found.Mountpoint))
            : null;
        return submount is not null;
    }

    /// <summary>Children below the path, and everything on them. The table is in no order: a mount can have been moved under a later one.</summary>
    private static List<MountTableEntry> Below(MountTable table, ulong mount, string path)
    {
        // The first mount of a system can be its own parent.
        ILookup<ulong, MountTableEntry> children = table.Entries
            .Where(static entry => entry.Id != entry.ParentId)
            .ToLookup(static entry => entry.ParentId);
        List<MountTableEntry> found = [.. children[mount].Where(entry => IsBelow(entry.Mountpoint, path))];
        for (int i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i].Id]);
        }

        return found;
    }

    private static bool IsBelow(string mountpoint, string directory) =>
        directory == "/" || mountpoint == directory || mountpoint.StartsWith(directory + "/", StringComparison.Ordinal);
}
