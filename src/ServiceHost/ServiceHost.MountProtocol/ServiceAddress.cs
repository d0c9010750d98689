using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.MountProtocol;

/// <summary>
/// Where a service of a type listens. The directory decides the dialect, never the content of a packet: libfuse's helper and
/// libfuse's services end the conversation at anything they do not know.
/// </summary>
public readonly record struct ServiceAddress(Dialect Dialect, string Type)
{
    private const string OwnDirectory = "/run/fuservice/";
    private const string V1Directory = "/run/filesystems/";

    public string Path => (Dialect == Dialect.Own ? OwnDirectory : V1Directory) + Type;

    /// <summary>The path for connect(2), with its NUL.</summary>
    public byte[] ToTerminatedPath() => CString.Allocate(Path);

    /// <summary>Judges what getsockname(2) returned.</summary>
    public static bool TryParse(ReadOnlySpan<byte> path, out ServiceAddress address)
    {
        address = default;
        string text = Encoding.UTF8.GetString(path);
        (Dialect dialect, string directory) = text.StartsWith(OwnDirectory, StringComparison.Ordinal)
            ? (Dialect.Own, OwnDirectory)
            : (Dialect.V1, V1Directory);
        if (!text.StartsWith(directory, StringComparison.Ordinal) || !ProtocolName.IsValid(text[directory.Length..]))
        {
            return false;
        }

        address = new ServiceAddress(dialect, text[directory.Length..]);
        return true;
    }
}
