using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>The type of the filesystem a descriptor is on, as mountinfo names it.</summary>
internal static class FilesystemKind
{
    internal static string NameOf(Fd fd) =>
        MountTable.Read(out MountTable table).IsOk && table.Find(MountIdentity.ReusableId(fd)) is MountTableEntry entry
            ? entry.Type
            : "a filesystem of another mount namespace";
}
