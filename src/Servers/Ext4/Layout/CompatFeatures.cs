namespace Servers.Ext4;

/// <summary>s_feature_compat: a filesystem with an unknown one can still be read and written.</summary>
[Flags]
public enum CompatFeatures : uint
{
    DirPrealloc = 0x0001,
    ImagicInodes = 0x0002,
    HasJournal = 0x0004,
    ExtAttr = 0x0008,
    ResizeInode = 0x0010,
    DirIndex = 0x0020,
    LazyBg = 0x0040,
    ExcludeInode = 0x0080,
    ExcludeBitmap = 0x0100,
    SparseSuper2 = 0x0200,
    FastCommit = 0x0400,
    StableInodes = 0x0800,
    OrphanFile = 0x1000,
}
