namespace Servers.Ext4;

/// <summary>What a metadata block was checked as. 0 is no role, so that a fresh block is verified for nothing.</summary>
internal enum BlockRole : byte
{
    None,
    DirectoryLeaf,
    DirectoryIndex,
    Attributes,

    /// <summary>An extent node; the depth it was checked for (0 to 5) is added.</summary>
    ExtentNode,
}
