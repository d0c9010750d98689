using ServiceHost.Linux;

namespace MountHelper.Grants;

/// <summary>The words for a source that cannot be granted.</summary>
internal static class SourceRefusal
{
    private const string WayOut = "or use -o idmap=off, which grants it with the rights of nobody";

    internal static GrantRefusal NotCloned(DirectoryGrantRequest request, Errno errno) => errno == Errno.EINVAL
        ? new GrantRefusal(
            RefusalKind.System, errno, $"{request.SourceName} cannot be cloned",
            "it is in another mount namespace, or on a mount made unbindable")
        : GrantRefusal.System($"cannot clone {request.SourceName}", errno);

    internal static GrantRefusal NotMapped(DirectoryGrantRequest request, Errno errno)
    {
        string type = FilesystemKind.NameOf(request.Source);
        if (request.UserNamespace is not null && errno == Errno.EINVAL)
        {
            return new GrantRefusal(
                RefusalKind.NotIdMappable, errno,
                $"{request.SourceName} is on {type}, which cannot be id-mapped on this kernel",
                $"grant a directory of another filesystem, {WayOut}");
        }

        if (request.UserNamespace is not null && errno == Errno.EPERM)
        {
            return new GrantRefusal(
                RefusalKind.AlreadyIdMapped, errno,
                $"{request.SourceName} is on an id-mapped mount ({type}), and the kernel maps a mount only once",
                $"grant the directory under its original path, {WayOut}");
        }

        return GrantRefusal.System($"cannot set the flags of the clone of {request.SourceName} ({type})", errno);
    }

    internal static GrantRefusal Covered(DirectoryGrantRequest request, string submount, Errno errno) => new(
        RefusalKind.CoveredDirectories, errno,
        $"{submount} is mounted below {request.SourceName} and cannot be id-mapped; without it the files it covers would show",
        $"unmount it, grant a directory beside it, {WayOut}");
}
