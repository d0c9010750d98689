namespace Bench.Contenders;

/// <summary>The kernel's own ext4.</summary>
internal sealed class KernelExt4() : Contender("kernel", "mount -t ext4 -o ro")
{
    public override string? ServerName => null;

    public override string Mount(string source, string mountPoint)
    {
        Shell.Run("mount", "-t", "ext4", "-o", "ro", source, mountPoint);
        return mountPoint;
    }
}
