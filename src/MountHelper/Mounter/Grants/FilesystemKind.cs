using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Grants;

/// <summary>The type of the filesystem a descriptor is on, as mountinfo names it; a FUSE server can have put anything behind the dot.</summary>
internal static class FilesystemKind
{
    internal static string NameOf(Fd fd) =>
        MountTable.Read(out MountTable table).IsOk && table.Find(MountIdentity.ReusableId(fd)) is MountTableEntry entry
            ? DisplayText.FromBytes(Encoding.Latin1.GetBytes(entry.Type))
            : "a filesystem of another mount namespace";
}
