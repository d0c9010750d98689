namespace Bench.Contenders;

/// <summary>libfuse's passthrough_ll with the same caching as the others.</summary>
internal sealed class PassthroughLl(string program, string name, string options) : Contender(name, $"passthrough_ll -o {options}")
{
    public override string ServerName => Path.GetFileName(program);

    public override bool MayFail => true;

    public override string Mount(string source, string mountPoint)
    {
        Shell.Launch(program, "-o", $"{options},source={source}", mountPoint);
        return mountPoint;
    }
}
