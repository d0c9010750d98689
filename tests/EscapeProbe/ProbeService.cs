using ServiceHost;
using ServiceHost.Linux;
using ServiceHost.Options;
using ServiceHost.Sandbox;
using Servers.Passthrough;

namespace EscapeProbe;

/// <summary>
/// A service that is granted nothing: SOURCE is only a name. With -o battery it is one that has been taken over, and its files say what it tried in
/// vain: "main" what the main thread did before the mount, the others what happens when they are opened. With -o tree it has what a passthrough
/// server has: its grant, its filter, and its unit if it is started in its place.
/// </summary>
internal sealed class ProbeService : FuseService
{
    private static readonly MountOption<bool> s_battery = MountOption.Switch("battery", "try to escape");
    private static readonly MountOption<bool> s_tree = MountOption.Switch("tree", "want a directory, as the passthrough server does");
    private static readonly MountOption<string> s_folder = MountOption.Text("folder", "PATH", "where everybody may write", "/tmp");
    private static readonly MountOption<long> s_victim = MountOption.Integer("victim", "PID", "a process to reach for", 1, 1, int.MaxValue);

    // The attempts know descriptors by their numbers, so nothing else keeps their owners alive.
    private ServiceContext? _context;

    public override string Type => "probe";

    public override IReadOnlyList<string> Aliases => ["passthrough"];

    public override string Version => "1";

    public override string Description => "a tiny read-only tree from memory, for tests";

    public override MountOptionTable Options { get; } = new(s_battery, s_tree, s_folder, s_victim);

    public override IReadOnlyList<ServiceRole> GetRoles(MountOptions options) => options.Get(s_tree) ? [ServiceRole.SourceDirectory] : [];

    public override IEnumerable<SystemCallRule> GetSystemCalls(ServiceContext context)
    {
        if (!context.Options.Get(s_tree))
        {
            return base.GetSystemCalls(context);
        }

        Errno errno = FixedDot.Map(out _);
        return errno.IsOk ? PassthroughSystemCalls.For(context.AllowSuid) : throw new ServiceException($"no fixed path: {errno}");
    }

    public override FuseMountPlan CreateMount(ServiceContext context)
    {
        _context = context;
        ProbeTree tree = new();
        tree.AddFile(tree.Root, "hello", static () => "hello\n");
        if (context.Options.Get(s_battery))
        {
            AddBattery(tree, TargetsOf(_context));
        }

        return new FuseMountPlan { FileSystem = new ProbeFileSystem(tree), Workers = context.Workers };
    }

    private static Targets TargetsOf(ServiceContext context) => new(context.Options.Get(s_folder), (int)context.Options.Get(s_victim))
    {
        Tree = context.Options.Get(s_tree) ? context.Source.RwClone?.Number : null,
        ReadOnlyTree = context.Options.Get(s_tree) ? context.Source.RoClone?.Number : null,
    };

    private static void AddBattery(ProbeTree tree, Targets targets)
    {
        Battery battery = new(targets);
        string ofMain = battery.RunHere();
        tree.AddFile(tree.Root, "main", () => ofMain);
        tree.AddFile(tree.Root, "pool", battery.RunOnPool);
        tree.AddFile(tree.Root, "finalizer", battery.RunOnFinalizer);
        tree.AddFile(tree.Root, "worker", battery.RunHere);
        tree.AddFile(tree.Root, "descriptors", Exhaustion.OfDescriptors);
        tree.AddFile(tree.Root, "threads", Exhaustion.OfThreads);
        tree.AddFile(tree.Root, "memory", Exhaustion.OfMemory);
    }
}
