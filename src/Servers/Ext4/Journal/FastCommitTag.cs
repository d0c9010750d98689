namespace Servers.Ext4;

/// <summary>What a record of a fast commit says (<c>EXT4_FC_TAG_*</c>).</summary>
internal enum FastCommitTag : ushort
{
    AddRange = 1,
    DelRange = 2,
    Creat = 3,
    Link = 4,
    Unlink = 5,
    Inode = 6,
    Pad = 7,
    Tail = 8,
    Head = 9,
}
