using System.Diagnostics.CodeAnalysis;
using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>Whether anything is mounted below a directory.</summary>
internal static class SubmountFinder
{
    /// <summary>
    /// True with one mount below <paramref name="directory"/>; also true when that cannot be told, because the answer guards what a
    /// clone without submounts would uncover.
    /// </summary>
    internal static bool TryFind(Fd directory, [NotNullWhen(true)] out string? submount)
    {
        submount = "something";
        if (MountTable.Read(out MountTable table).IsError || DescriptorPath.Read(directory, out string path).IsError)
        {
            return true;
        }

        ulong own = MountIdentity.ReusableId(directory);
        submount = table.Entries.FirstOrDefault(entry => entry.ParentId == own && IsBelow(entry.Mountpoint, path))?.Mountpoint;
        return submount is not null;
    }

    private static bool IsBelow(string mountpoint, string directory) =>
        directory == "/" || mountpoint == directory || mountpoint.StartsWith(directory + "/", StringComparison.Ordinal);
}
