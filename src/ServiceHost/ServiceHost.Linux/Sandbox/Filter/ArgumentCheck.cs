namespace ServiceHost.Linux;

/// <summary>
/// A question to one argument of a call: (argument AND mask) == value. A filter sees numbers only; whatever lies behind a pointer (a
/// path, a structure, the name of an xattr) is out of its sight.
/// </summary>
public readonly record struct ArgumentCheck(int Index, ulong Mask, ulong Value)
{
    /// <summary>For an argument that the kernel takes as a 32-bit number: it ignores the upper half, so the check does too.</summary>
    public static ArgumentCheck Int(int index, uint value) => new(index, uint.MaxValue, value);

    /// <summary>For an argument that the kernel takes as 64 bits, a pointer for one.</summary>
    public static ArgumentCheck Long(int index, ulong value) => new(index, ulong.MaxValue, value);

    /// <summary>None of these bits is set, whatever the others are.</summary>
    public static ArgumentCheck Without(int index, uint bits) => new(index, bits, 0);

    internal bool Holds(ReadOnlySpan<ulong> arguments) => (arguments[Index] & Mask) == Value;
}
