using System.Runtime.CompilerServices;

namespace ServiceHost.Fuse;

// Reserved words in the middle or at the end of wire structs. They are sent as zero and never read.

/// <summary>byte[128] inside a wire struct.</summary>
[InlineArray(128)]
public struct Bytex128
{
    private byte _element0;
}

/// <summary>byte[6] inside a wire struct.</summary>
[InlineArray(6)]
public struct Bytex6
{
    private byte _element0;
}

/// <summary>ushort[11] inside a wire struct.</summary>
[InlineArray(11)]
public struct UInt16x11
{
    private ushort _element0;
}

/// <summary>uint[10] inside a wire struct.</summary>
[InlineArray(10)]
public struct UInt32x10
{
    private uint _element0;
}

/// <summary>uint[11] inside a wire struct.</summary>
[InlineArray(11)]
public struct UInt32x11
{
    private uint _element0;
}

/// <summary>uint[6] inside a wire struct.</summary>
[InlineArray(6)]
public struct UInt32x6
{
    private uint _element0;
}

/// <summary>ulong[14] inside a wire struct.</summary>
[InlineArray(14)]
public struct UInt64x14
{
    private ulong _element0;
}

/// <summary>ulong[2] inside a wire struct.</summary>
[InlineArray(2)]
public struct UInt64x2
{
    private ulong _element0;
}
