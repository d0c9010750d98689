namespace Servers.Ext4;

/// <summary>s_feature_incompat: a filesystem with an unknown one must not even be read.</summary>
[Flags]
public enum IncompatFeatures : uint
{
    Compression = 0x00001,
    FileType = 0x00002,
    Recover = 0x00004,
    JournalDev = 0x00008,
    MetaBg = 0x00010,
    Extents = 0x00040,
    Bits64 = 0x00080,
    MultiMountProtection = 0x00100,
    FlexBg = 0x00200,
    EaInode = 0x00400,
    DirData = 0x01000,
    CsumSeed = 0x02000,
    LargeDir = 0x04000,
    InlineData = 0x08000,
    Encrypt = 0x10000,
    CaseFold = 0x20000,
}
