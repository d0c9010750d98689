using System.Globalization;

namespace ServiceHost.Fuse;

/// <summary>Who holds a lock: the same value for all files of one owner, scrambled by the kernel and only good for comparing.</summary>
public readonly record struct LockOwner(ulong Value)
{
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);
}
