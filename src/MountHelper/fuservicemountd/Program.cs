using MountHelper;
using MountHelper.FuserviceMountd;
using ServiceHost.Linux;

Libc.OccupyStandardStreams();
Libc.Umask(0x12); // 022
try
{
    using SeqpacketSocket connection = Activation.Accept();
    return new Broker(connection).Run();
}
catch (MountFailedException failed)
{
    Log.Write(failed.Failure.ToString());
    return failed.Failure.ExitCode;
}
catch (Exception unexpected)
{
    // The one catch-all: a bug of ours. What was being made is gone with the descriptors that held it.
    Log.Write($"internal error: {unexpected}");
    return ExitCode.Internal;
}
