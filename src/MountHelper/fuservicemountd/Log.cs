using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.FuserviceMountd;

/// <summary>One line for the administrator, on stderr: the journal has it. Users choose the words, so they are made harmless.</summary>
internal static class Log
{
    public static void Write(string line) => StandardError.WriteLine("fuservicemountd: " + DisplayText.FromBytes(Encoding.UTF8.GetBytes(line)));
}
