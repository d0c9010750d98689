using ServiceHost.Connection;
using ServiceHost.MountProtocol;

namespace ServiceHost.Stages;

/// <summary>
/// What ps shows: argv[0] of stage 2, which is exec'ed anyway, so nothing has to be overwritten. The name of a single thread has
/// only 15 bytes and says the type.
/// </summary>
internal static class ProcessTitle
{
    public static string ProgramName(string type) => "fuservice-" + type;

    public static string Format(string type, ServiceArguments arguments) =>
        $"{ProgramName(type)}: {DisplayText.FromBytes(arguments.Source)} on {DisplayText.FromBytes(arguments.Mountpoint)}";
}
