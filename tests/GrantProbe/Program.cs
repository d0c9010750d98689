using GrantProbe;

return args switch
{
    ["identity", .. string[] rest] => IdentityCommand.Run(rest),
    ["contain", string namespaces, .. string[] knobs] => ContainCommand.Run(namespaces, knobs),
    ["contained", string namespaces, .. string[] knobs] => ContainedCommand.Run(namespaces, knobs),
    ["filter"] => FilterCommand.Run(),
    ["report"] => Report.Run(),
    ["launch-many", string count] => ManyLaunches.Run(int.Parse(count)),
    ["namespace-many", string count] => ManyLaunches.RunNamespaces(int.Parse(count)),
    ["allocate", .. string[] rest] => AllocateCommand.Run(rest),
    ["failure", string step] => FailureCommand.Run(step),
    ["hang", string milliseconds] => FailureCommand.Hang(int.Parse(milliseconds)),
    ["orphan"] => OrphanCommand.Run(),
    ["threads"] => ThreadsCommand.Run(),
    ["attack", .. string[] rest] => AttackCommand.Run(rest),
    ["attacker", .. string[] rest] => Attacker.Run(rest),
    ["sleep"] => Sleep(),
    ["nothing"] => 0,
    _ => Usage(),
};

static int Sleep()
{
    Output.Line($"pid: {Environment.ProcessId}");
    Thread.Sleep(Timeout.Infinite);
    return 0;
}

static int Usage()
{
    Output.Line("grant-probe: see Program.cs for what it can be asked");
    return 1;
}
