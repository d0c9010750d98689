using System.Globalization;
using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>
/// The systemd unit of a server by its control group, for the registry: what an administrator stops when the server has to go. It is a
/// name to show; the process may be gone by now, and then there is none.
/// </summary>
internal static class ServerUnit
{
    public static string Of(PeerCredentials? sender)
    {
        byte[] path = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{sender?.ProcessId ?? 0}/cgroup\0"));
        return ProcFile.Read(path, out byte[] text).IsOk && ProcFile.TryField(text, "0::"u8, out ReadOnlySpan<byte> group)
            ? UnitOf(group)
            : "";
    }

    /// <summary>The last component that is a service, in its printable form.</summary>
    public static string UnitOf(ReadOnlySpan<byte> group)
    {
        while (!group.IsEmpty)
        {
            int slash = group.LastIndexOf((byte)'/');
            ReadOnlySpan<byte> name = group[(slash + 1)..];
            if (name.EndsWith(".service"u8) && name.Length <= byte.MaxValue)
            {
                return DisplayText.FromBytes(name);
            }

            group = slash < 0 ? default : group[..slash];
        }

        return "";
    }
}
