namespace ServiceHost.Linux;

/// <summary>A set of capabilities; bit N is capability N of capability(7).</summary>
public readonly record struct CapabilitySet(ulong Bits)
{
    public static CapabilitySet Empty => default;

    public static CapabilitySet Chown => Of(0);
    public static CapabilitySet DacOverride => Of(1);
    public static CapabilitySet Fowner => Of(3);
    public static CapabilitySet Fsetid => Of(4);
    public static CapabilitySet Setgid => Of(6);
    public static CapabilitySet Setuid => Of(7);
    public static CapabilitySet Setpcap => Of(8);
    public static CapabilitySet SysPtrace => Of(19);
    public static CapabilitySet SysAdmin => Of(21);
    public static CapabilitySet Setfcap => Of(31);

    public bool IsEmpty => Bits == 0;

    public bool Contains(int capability) => (Bits & (1UL << capability)) != 0;

    public bool Contains(CapabilitySet other) => (Bits & other.Bits) == other.Bits;

    public CapabilitySet Without(CapabilitySet other) => new(Bits & ~other.Bits);

    public static CapabilitySet operator |(CapabilitySet a, CapabilitySet b) => new(a.Bits | b.Bits);

    public static CapabilitySet BitwiseOr(CapabilitySet left, CapabilitySet right) => left | right;

    public override string ToString() => Bits.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private static CapabilitySet Of(int capability) => new(1UL << capability);
}
