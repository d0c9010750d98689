using System.Globalization;
using MountHelper.Grants;

namespace MountHelper;

/// <summary>The value of idmap=LO-HI: ids, as they stand on disk, that root's mount shall know besides 0 to 65535.</summary>
public static class IdMapOption
{
    /// <summary>"LO-HI" or one id, decimal, between 65536 and 4294967294 (the last number means "no id" to the kernel).</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IdSpan span)
    {
        int dash = text.IndexOf((byte)'-');
        ReadOnlySpan<byte> first = dash < 0 ? text : text[..dash];
        ReadOnlySpan<byte> last = dash < 0 ? text : text[(dash + 1)..];
        span = default;
        if (!uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out uint lo)
            || !uint.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out uint hi))
        {
            return false;
        }

        span = new IdSpan(lo, hi);
        return lo >= IdMap.BaseCount && lo <= hi && hi < uint.MaxValue;
    }

    public static bool Overlap(IdSpan a, IdSpan b) => a.First <= b.Last && b.First <= a.Last;
}
