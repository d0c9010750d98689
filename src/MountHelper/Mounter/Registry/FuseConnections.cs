using System.Globalization;
using ServiceHost.Linux;

namespace MountHelper.Registry;

/// <summary>/sys/fs/fuse/connections, which lists the connections of all mount namespaces when it is mounted.</summary>
internal static class FuseConnections
{
    /// <summary>False also when nobody can tell.</summary>
    internal static bool IsGone(uint connection) =>
        StateDirectory.List("/sys/fs/fuse/connections\0"u8, out List<string> names).IsOk && names.Count > 0
        && !names.Contains(connection.ToString(CultureInfo.InvariantCulture));
}
