namespace Ext4.Corpus.Tests;

/// <summary>What was changed, for the report of a failure: with it and the base image the mutant can be made again.</summary>
internal readonly record struct Change(StructureKind Kind, long Offset, string Field, ulong Before, ulong After)
{
    public override string ToString() => $"{Kind}@{Offset:x} {Field}: {Before:x} -> {After:x}";
}
