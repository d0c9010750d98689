using ServiceHost.Diagnostics;
using ServiceHost.Linux;
using ServiceHost.Options;

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
            _ => throw new ServiceException($"{ProgramName} is started by its socket (see --help)"),
        };
    }

    private IEnumerable<string> HelpLines() =>
    [
        $"{ProgramName} {_service.Version}: {_service.Description}",
        string.Empty,
        $"  mount -t fuse.{_service.Type} SOURCE MOUNTPOINT [-o OPTIONS]",
        "      the ordinary way: fuservicemount starts this program through its socket",
        $"  {ProgramName} --foreground SOURCE MOUNTPOINT [-o OPTIONS]",
        "      mounts for itself with the rights of whoever starts it, for suites and debugging",
        $"  {ProgramName} -o help | --version | --help",
        string.Empty,
        .. OptionLines(),
    ];

    private IEnumerable<string> OptionLines() => ["Options of -o:", .. _service.Options.With(CommonOptions.Table).DescribeAll()];

    private static int Print(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            StandardError.WriteLine(new Fd(1), line);
        }

        return Success;
    }
}
