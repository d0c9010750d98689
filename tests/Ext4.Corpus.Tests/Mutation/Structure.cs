namespace Ext4.Corpus.Tests;

/// <summary>Something of the format at a place in an image.</summary>
/// <param name="Offset">In bytes from the start of the image.</param>
/// <param name="Owner">The inode it belongs to, or the group, or 0.</param>
internal sealed record Structure(StructureKind Kind, long Offset, int Length, uint Owner = 0);
