namespace Ext4.Corpus.Tests;

/// <summary>What a number on the disk stands for: it decides which values could hurt.</summary>
internal enum Meaning
{
    Count,
    Length,
    Block,
    Inode,
    FileBlock,
    Flags,
    Magic,
    Hash,
    Time,
    Text,
}
