namespace Servers.Ext4;

/// <summary>Features as e2fsprogs spells them, for messages.</summary>
internal static class FeatureNames
{
    /// <summary>The names of all incompatible features in a set; one that nobody knows is given as FEATURE_I and its bit.</summary>
    public static string Describe(uint features)
    {
        var names = new List<string>();
        for (int bit = 0; bit < 32; bit++)
        {
            if ((features & (1u << bit)) != 0)
            {
                names.Add(Name((IncompatFeatures)(1u << bit)) ?? $"FEATURE_I{bit}");
            }
        }

        return string.Join(", ", names);
    }

    private static string? Name(IncompatFeatures feature) => feature switch
    {
        IncompatFeatures.Compression => "compression",
        IncompatFeatures.FileType => "filetype",
        IncompatFeatures.Recover => "needs_recovery",
        IncompatFeatures.JournalDev => "journal_dev",
        IncompatFeatures.MetaBg => "meta_bg",
        IncompatFeatures.Extents => "extent",
        IncompatFeatures.Bits64 => "64bit",
        IncompatFeatures.MultiMountProtection => "mmp",
        IncompatFeatures.FlexBg => "flex_bg",
        IncompatFeatures.EaInode => "ea_inode",
        IncompatFeatures.DirData => "dirdata",
        IncompatFeatures.CsumSeed => "metadata_csum_seed",
        IncompatFeatures.LargeDir => "large_dir",
        IncompatFeatures.InlineData => "inline_data",
        IncompatFeatures.Encrypt => "encrypt",
        IncompatFeatures.CaseFold => "casefold",
        _ => null,
    };
}
