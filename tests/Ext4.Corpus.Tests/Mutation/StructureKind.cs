namespace Ext4.Corpus.Tests;

internal enum StructureKind
{
    Superblock,
    GroupDescriptor,
    Inode,
    ExtentNode,
    IndirectBlock,
    DirectoryBlock,
    IndexRoot,
    IndexNode,
    AttributeBlock,
    AttributesInInode,
    InlineData,
    OrphanBlock,
    MultiMountBlock,
    JournalSuperblock,
    JournalDescriptor,
    JournalRevoke,
    JournalCommit,
}
