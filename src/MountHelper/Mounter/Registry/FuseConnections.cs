using System.Globalization;
using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>The FUSE connections of all mount namespaces, from a fusectl mount of our own that nobody sees.</summary>
internal static class FuseConnections
{
    /// <summary>False also when nobody can tell: a kernel without fsopen(2), a caller who may not mount.</summary>
    internal static bool IsGone(uint connection) =>
        List(out List<string> names).IsOk && !names.Contains(connection.ToString(CultureInfo.InvariantCulture));

    private static Errno List(out List<string> names)
    {
        names = [];
        Errno errno = Libc.Fsopen(CString.FromTerminated("fusectl\0"u8), out OwnedFd context);
        if (errno.IsError)
        {
            return errno;
        }

        using (context)
        {
            errno = Libc.FsconfigCreate(context);
            OwnedFd? root = null;
            errno = errno.IsError ? errno : Libc.Fsmount(context, MountAttributes.None, out root);
            using (root)
            {
                return errno.IsError ? errno : StateDirectory.List(root!, CString.FromTerminated(".\0"u8), out names);
            }
        }
    }
}
