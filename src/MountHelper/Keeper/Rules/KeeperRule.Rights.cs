namespace MountHelper.Keeper;

/// <summary>Rules about the keeper itself.</summary>
internal sealed partial class KeeperRule
{
    public static readonly KeeperRule UserIsItsOwn = new(
        "user-is-its-own", "The keeper is neither root nor in root's group: what the kernel does in its name has no reserved blocks.");

    public static readonly KeeperRule OneCapability = new(
        "one-capability", "The keeper has CAP_SYS_ADMIN, and nothing that could give it another.");

    public static readonly KeeperRule CallsAreFiltered = new(
        "calls-are-filtered", "The keeper can make no system call but the few it lives by.");
}
