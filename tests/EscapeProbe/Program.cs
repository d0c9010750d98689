using System.Globalization;
using EscapeProbe;
using ServiceHost;

// Without any sandbox, to show what the attempts are worth. The process makes this choice, not a mount.
if (args is ["--unconfined", string folder, string victim])
{
    Battery battery = new(new Targets(folder, int.Parse(victim, CultureInfo.InvariantCulture))
    {
        Tree = Open(folder + "/tree"),
        ReadOnlyTree = Open(folder + "/tree"),
    });
    StandardError.WriteLine(new Fd(1), battery.RunApart().TrimEnd());
    return 0;
}

return ServiceRunner.Run(args, new ProbeService());

static int Open(string path) => (int)RawCall.OpenNumber(RawCall.Cwd, path, OpenFlags.ReadOnly | OpenFlags.Directory);
