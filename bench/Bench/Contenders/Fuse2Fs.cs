namespace Bench.Contenders;

/// <summary>e2fsprogs' fuse2fs.</summary>
internal sealed class Fuse2Fs(string program) : Contender("fuse2fs", "fuse2fs -o ro")
{
    public override string ServerName => Path.GetFileName(program);

    public override bool MayFail => true;

    public override string Mount(string source, string mountPoint)
    {
        Shell.Launch(program, "-o", "ro", source, mountPoint);
        return mountPoint;
    }
}
