using System.Globalization;
using EscapeProbe;
using ServiceHost;

// Without any sandbox, to show what the attempts are worth. The process makes this choice, not a mount.
if (args is ["--unconfined", string folder, string victim])
{
    Battery battery = new(new Targets(folder, int.Parse(victim, CultureInfo.InvariantCulture)));
    StandardError.WriteLine(new Fd(1), battery.RunApart().TrimEnd());
    return 0;
}

return ServiceRunner.Run(args, new ProbeService());
