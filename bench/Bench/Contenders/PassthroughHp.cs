namespace Bench.Contenders;

/// <summary>libfuse's passthrough_hp: names and attributes are kept for a day unless told otherwise, directories too.</summary>
internal sealed class PassthroughHp(string program, string name, params string[] arguments)
    : Contender(name, string.Join(' ', ["passthrough_hp", .. arguments]))
{
    public override string ServerName => Path.GetFileName(program);

    public override bool MayFail => true;

    public override string Mount(string source, string mountPoint)
    {
        Shell.Launch(program, [.. arguments, source, mountPoint]);
        return mountPoint;
    }
}
