namespace Bench.Contenders;

/// <summary>fuservice-passthrough, mounted by mount(8) into a contained server, as an administrator does.</summary>
internal sealed class OwnPassthrough(string name, string options) : Contender(name, $"mount -t fuse.passthrough -o {options}")
{
    public override string ServerName => "fuservice-passthrough";

    public override string Mount(string source, string mountPoint)
    {
        Shell.Run("mount", "-t", "fuse.passthrough", "-o", options, source, mountPoint);
        return mountPoint;
    }
}
