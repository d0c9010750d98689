using MountHelper;
using MountHelper.FuserviceMount;
using ServiceHost.Linux;

Libc.OccupyStandardStreams();
Libc.Umask(0x12); // 022
try
{
    RawArguments arguments = RawArguments.Read(args);
    using OwnedFd stop = CleanStart.Ensure(arguments);
    return new Command(CommandLine.Parse(arguments.Name, arguments.Arguments), stop).Run();
}
catch (MountFailedException failed)
{
    Message.Write(failed.Failure.ToString());
    return failed.Failure.ExitCode;
}
catch (Exception unexpected)
{
    // The one catch-all: a bug of ours. What was being made is gone with the descriptors that held it.
    Message.Write($"internal error: {unexpected}");
    return ExitCode.Internal;
}
