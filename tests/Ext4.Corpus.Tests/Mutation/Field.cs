namespace Ext4.Corpus.Tests;

/// <summary>A number within a structure, by its on-disk name.</summary>
internal readonly record struct Field(string Name, int Offset, int Width, Meaning Meaning);
