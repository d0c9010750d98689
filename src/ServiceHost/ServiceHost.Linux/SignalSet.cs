namespace ServiceHost.Linux;

/// <summary>A set of the 64 signals, as the kernel writes it: signal N is bit N-1.</summary>
public readonly record struct SignalSet(ulong Bits)
{
    public static SignalSet Empty => default;

    public static SignalSet Of(params ReadOnlySpan<Signal> signals)
    {
        ulong bits = 0;
        foreach (Signal signal in signals)
        {
            bits |= Bit(signal);
        }

        return new SignalSet(bits);
    }

    public bool IsEmpty => Bits == 0;

    public bool Contains(Signal signal) => (Bits & Bit(signal)) != 0;

    public bool Contains(SignalSet other) => (Bits & other.Bits) == other.Bits;

    public SignalSet Without(SignalSet other) => new(Bits & ~other.Bits);

    private static ulong Bit(Signal signal) => 1UL << ((int)signal - 1);
}
