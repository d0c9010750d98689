using System.Buffers;
using System.Text;

namespace Servers.Ext4;

/// <summary>
/// Case-insensitive comparison of names in casefolded directories. It folds character by character; the kernel also unites composed and
/// decomposed forms, which would take Unicode's tables. Names that are no UTF-8 are only equal byte by byte.
/// </summary>
internal static class CaseFolding
{
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        while (!left.IsEmpty && !right.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(left, out Rune a, out int leftSize) == OperationStatus.Done
                & Rune.DecodeFromUtf8(right, out Rune b, out int rightSize) == OperationStatus.Done;
            if (!valid || Fold(a) != Fold(b))
            {
                return false;
            }

            left = left[leftSize..];
            right = right[rightSize..];
        }

        return left.IsEmpty && right.IsEmpty;
    }

    // Upper case first: some letters have several lower forms (final sigma) and only one upper.
    private static Rune Fold(Rune rune) => Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
}
