using ServiceHost.Linux;

namespace MountHelper.Keeper;

/// <summary>One line for the administrator, on stderr: the journal has it. No word in it comes from a server.</summary>
internal static class Log
{
    public static void Write(string line) => StandardError.WriteLine("fuservice-keeper: " + line);
}
