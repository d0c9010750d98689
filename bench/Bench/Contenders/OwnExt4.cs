namespace Bench.Contenders;

/// <summary>fuservice-ext4, mounted by mount(8) into a contained server.</summary>
internal sealed class OwnExt4() : Contender("ours", "mount -t fuse.ext4 -o ro")
{
    public override string ServerName => "fuservice-ext4";

    public override string Mount(string source, string mountPoint)
    {
        Shell.Run("mount", "-t", "fuse.ext4", "-o", "ro", source, mountPoint);
        return mountPoint;
    }
}
