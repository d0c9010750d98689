using ServiceHost.Connection;
using ServiceHost.Developer;
using ServiceHost.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;
using ServiceHost.Stages;

namespace ServiceHost;

/// <summary>
/// What Main of a server calls. It decides which of its lives the process is in: a command for a person, stage 1 (talks to the
/// Mounter, holds the descriptors, reads no byte of what it is granted), stage 2 (serves, without rights), or developer mode.
/// </summary>
public sealed class ServiceRunner
{
    private const int Success = 0;
    private const int Failure = 1;

    private readonly FuseService _service;
    private readonly ServiceLog _log;

    private ServiceRunner(FuseService service)
    {
        _service = service;
        _log = ServiceLog.ForProcess(ProgramName);
    }

    private string ProgramName => "fuservice-" + _service.Type;

    /// <summary>Runs the service to its end and returns the exit code. The one place that catches everything.</summary>
    public static int Run(string[] args, FuseService service)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(service);

        // A log that nobody reads any more must not end a filesystem.
        Libc.IgnoreBrokenPipes();
        ServiceRunner runner = new(service);
        try
        {
            return runner.Dispatch(args);
        }
        catch (ServiceException refusal)
        {
            runner._log.Error(refusal.Message);
            return Failure;
        }
        catch (Exception bug)
        {
            runner._log.Bug("unexpected failure", bug);
            return Failure;
        }
    }

    private int Dispatch(string[] args)
    {
        ServiceCommandLine line = ServiceCommandLine.Parse(args);
        return line.Command switch
        {
            ServiceCommand.Help => Print(HelpLines()),
            ServiceCommand.OptionHelp => Print(OptionLines()),
            ServiceCommand.Version => Print([$"{ProgramName} {_service.Version}"]),
            ServiceCommand.Foreground => new DeveloperProcess(_service, _log, line).Run(),
            _ => Serve(line.Required),
        };
    }

    private int Serve(ContainmentLevel required)
    {
        if (StageTwoProcess.IsThisProcess)
        {
            return new StageTwoProcess(_service, _log).Run();
        }

        if (!Activation.IsPresent)
        {
            throw new ServiceException("this is a service and is started by its socket (see --help)");
        }

        (SeqpacketSocket socket, ServiceAddress address) = Activation.Accept();
        Deadline deadline = Deadline.In(StageOneProcess.HelloTime);
        ServiceConnection connection = address.Dialect == Dialect.Own
            ? new OwnConnection(socket, deadline) { TakesKeeper = _service.UsesBackingFiles }
            : new V1Connection(socket, deadline);
        return new StageOneProcess(_service, _log, connection, address, required).Run();
    }

    private IEnumerable<string> HelpLines() =>
    [
        $"{ProgramName} {_service.Version}: {_service.Description}",
        string.Empty,
        $"  mount -t fuse.{_service.Type} SOURCE MOUNTPOINT [-o OPTIONS]",
        "      the ordinary way: fuservicemount starts this program through its socket",
        $"  {ProgramName} [--require=full|plain]",
        "      how its socket starts it; it serves only when it is contained at least so well (full)",
        $"  {ProgramName} --foreground SOURCE MOUNTPOINT [-o OPTIONS]",
        "      mounts for itself with the rights of whoever starts it, for suites and debugging",
        $"  {ProgramName} -o help | --version | --help",
        string.Empty,
        .. OptionLines(),
    ];

    private IEnumerable<string> OptionLines() => ["Options of -o:", .. _service.AllOptions.DescribeAll()];

    private static int Print(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            StandardError.WriteLine(new Fd(1), line);
        }

        return Success;
    }
}
