using System.Globalization;

namespace ServiceHost.Fuse;

/// <summary>The server's name for one open file or directory (fh): chosen in the reply to OPEN, given back by RELEASE.</summary>
public readonly record struct FileHandle(ulong Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
