using System.Globalization;
using Servers.Ext4;

namespace Ext4.Corpus.Tests;

/// <summary>What became of an image: refused, or walked with so many files and faults.</summary>
internal readonly record struct ExerciseResult(Ext4Error Refusal, int Files, int Faults, long Bytes)
{
    public bool IsMounted => Refusal.IsNone;

    public override string ToString() => IsMounted
        ? string.Create(CultureInfo.InvariantCulture, $"{Files} files, {Bytes} bytes, {Faults} faults")
        : $"refused: {Refusal}";
}
