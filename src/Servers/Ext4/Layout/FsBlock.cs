using System.Globalization;

namespace Servers.Ext4;

/// <summary>A block of the device, counted from its start. Blocks of a file are plain uint: ext4 cannot have more of them.</summary>
public readonly record struct FsBlock(ulong Value)
{
    public FsBlock Add(ulong count) => new(Value + count);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
