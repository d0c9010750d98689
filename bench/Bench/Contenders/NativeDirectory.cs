namespace Bench.Contenders;

/// <summary>The source itself.</summary>
internal sealed class NativeDirectory() : Contender("native", "the source directory itself, on tmpfs")
{
    public override string? ServerName => null;

    public override string Mount(string source, string mountPoint) => source;

    public override void Unmount(string mountPoint)
    {
        // Nothing was mounted.
    }
}
