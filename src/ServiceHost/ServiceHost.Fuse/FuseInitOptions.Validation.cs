namespace ServiceHost.Fuse;

public sealed partial record FuseInitOptions
{
    // No kernel gives these to a server behind /dev/fuse.
    private const FuseInitFlags Unusable =
        FuseInitFlags.FileOps | FuseInitFlags.InitReserved | FuseInitFlags.MapAlignment | FuseInitFlags.Submounts | FuseInitFlags.HasInodeDax;

    /// <summary>Wishes that the kernel would drop without a word, or over which it would end the connection, are errors of the program.</summary>
    internal void ThrowIfContradictory()
    {
        FuseInitFlags flags = Wanted | Required;
        Refuse((flags & Unusable) != 0, $"{flags & Unusable} cannot be had through /dev/fuse.");
        Refuse(Has(flags, FuseInitFlags.Passthrough | FuseInitFlags.WritebackCache), "Passthrough excludes WritebackCache.");
        Refuse(Has(flags, FuseInitFlags.AutoInvalData | FuseInitFlags.ExplicitInvalData), "AutoInvalData excludes ExplicitInvalData.");
        Refuse(Has(flags, FuseInitFlags.ReaddirplusAuto) && !Has(flags, FuseInitFlags.DoReaddirplus), "ReaddirplusAuto needs DoReaddirplus.");
        Refuse(Has(flags, FuseInitFlags.Passthrough) && MaxStackDepth is not (1 or 2), "MaxStackDepth is 1 or 2.");
        Refuse(MaxTransfer is < 4096 or > MaxMaxTransfer, $"MaxTransfer is 4096 to {MaxMaxTransfer}.");
        Refuse(MaxBackground is 0 or ushort.MaxValue, "MaxBackground is 1 to 65534.");
        Refuse(TimeGranularity is 0 or > 1_000_000_000, "TimeGranularity is 1 to 1,000,000,000 ns.");
    }

    private static bool Has(FuseInitFlags flags, FuseInitFlags all) => (flags & all) == all;

    private static void Refuse(bool wrong, string reason)
    {
        if (wrong)
        {
            throw new ArgumentException(reason);
        }
    }
}
