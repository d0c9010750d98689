namespace Bench.Contenders;

/// <summary>The contenders that serve an ext4 image.</summary>
internal static class Ext4Contenders
{
    public const string Kernel = "kernel";
    public const string Own = "ours";
    public const string Fuse2Fs = "fuse2fs";

    public static IReadOnlyList<Contender> For(BenchOptions options)
    {
        List<Contender> contenders = [new KernelExt4(), new OwnExt4()];
        if (options.Fuse2Fs is { } program)
        {
            contenders.Add(new Fuse2Fs(program));
        }

        return contenders;
    }
}
