using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMount;

/// <summary>
/// One line on stderr. Most of what stands in it was made harmless where it came in; paths of the host's own tables and words of the
/// kernel were not, and whoever could make a directory chose those.
/// </summary>
internal static class Message
{
    public static void Write(string line) =>
        StandardError.WriteLine("fuservicemount: " + DisplayText.FromBytes(Encoding.UTF8.GetBytes(line)));
}
