using MountHelper.Keeper;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace Keeper.Tests;

/// <summary>A file that must not be registered: how a server would come by it, which rule it breaks, and what the keeper says.</summary>
internal sealed record FileCase(string Name, KeeperRule Rule, KeeperRefusal Refusal, Func<KeeperStage, OwnedFd> Open)
{
    public override string ToString() => Name;
}
