using ServiceHost;
using ServiceHost.Options;

namespace EscapeProbe;

/// <summary>A service that is granted nothing: SOURCE is only a name.</summary>
internal sealed class ProbeService : FuseService
{
    public override string Type => "probe";

    public override string Version => "1";

    public override string Description => "a tiny read-only tree from memory, for tests";

    public override MountOptionTable Options { get; } = new();

    public override IReadOnlyList<ServiceRole> GetRoles(MountOptions options) => [];

    public override FuseMountPlan CreateMount(ServiceContext context) => new()
    {
        FileSystem = new ProbeFileSystem(MakeTree()),
        Workers = context.Workers,
    };

    private static ProbeTree MakeTree()
    {
        ProbeTree tree = new();
        tree.AddFile(tree.Root, "hello", static () => "hello\n");
        return tree;
    }
}
