using MountHelper.Keeper;

namespace Keeper.Tests;

/// <summary>Something that no server may say: it ends the conversation, and the log names the rule.</summary>
/// <param name="Name">A sentence that continues "a server that ...".</param>
/// <param name="Rule">What it breaks.</param>
/// <param name="Script">What the server does; it may find the keeper gone on the way.</param>
internal sealed record TalkCase(string Name, KeeperRule Rule, Action<KeeperStage> Script)
{
    /// <summary>Whether it has said hello before.</summary>
    public bool Greets { get; init; } = true;

    public override string ToString() => Name;
}
