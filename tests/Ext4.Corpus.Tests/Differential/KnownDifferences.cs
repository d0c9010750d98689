namespace Ext4.Corpus.Tests;

/// <summary>Images of the corpus that the library shows otherwise than the kernel, each with the reason.</summary>
internal static class KnownDifferences
{
    private const string Orphans =
        "The kernel cuts orphans off on a writable device even for a read-only mount; on a read-only device, which is all we have, it leaves them.";

    private static readonly Dictionary<string, string> s_reasons = new(StringComparer.Ordinal)
    {
        ["f_bad_encryption__image.gz"] = "A plain file in an encrypted directory: the kernel refuses it at open by its parent, which no open through FUSE names.",
        ["f_itable_collision__image.gz"] = "An indirect block inside the inode table: the kernel does not check one that its cache already has as something else.",
        ["f_baddir__image.gz"] = "A directory with a second name: the kernel's name cache refuses it (ELOOP), which is no business of a filesystem.",
        ["f_h_reindex__image.gz"] = "Names in the wrong leaf of a hash tree: look-up finds them on neither side, and the kernel's listing drops some.",
        ["f_orphan_extents_inode__image.gz"] = Orphans,
        ["f_orphan_indirect_inode__image.gz"] = Orphans,
        ["f_verity__image.gz"] = "The kernel here is built without fs-verity and refuses to open the file; the library reads it.",
    };

    public static bool Explains(string image) => s_reasons.ContainsKey(image);
}
