namespace Servers.Ext4;

/// <summary>s_feature_ro_compat: a filesystem with an unknown one can be read, never written.</summary>
[Flags]
public enum ReadOnlyCompatFeatures : uint
{
    SparseSuper = 0x00001,
    LargeFile = 0x00002,
    BtreeDir = 0x00004,
    HugeFile = 0x00008,
    GdtCsum = 0x00010,
    DirNlink = 0x00020,
    ExtraIsize = 0x00040,
    HasSnapshot = 0x00080,
    Quota = 0x00100,
    BigAlloc = 0x00200,
    MetadataCsum = 0x00400,
    Replica = 0x00800,
    ReadOnly = 0x01000,
    Project = 0x02000,
    SharedBlocks = 0x04000,
    Verity = 0x08000,
    OrphanPresent = 0x10000,
}
