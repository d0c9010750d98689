namespace Servers.Passthrough;

/// <summary>
/// The life of a table slot in one word, so that it changes in one step: generation (bits 32-63), retired (31), pins (0-30).
/// The table itself holds one pin from Revive to Retire; every request that works with the slot holds another. Whoever gives back the
/// last pin closes what is in the slot. A number (node id, file handle) that carries another generation can never pin it.
/// </summary>
internal struct SlotState
{
    private const long Retired = 1L << 31;
    private const long PinMask = Retired - 1;

    private long _word;

    public readonly uint Generation => (uint)(_word >> 32);

    /// <summary>A free slot becomes live. Only its allocator may call this; nobody else can pin it before.</summary>
    public void Revive() => Volatile.Write(ref _word, (_word & ~(Retired | PinMask)) + 1);

    /// <summary>A free slot gets its next generation; false when there is none left and the slot must never be used again.</summary>
    public bool TryAdvance()
    {
        uint generation = Generation;
        Volatile.Write(ref _word, ((long)(generation + 1) << 32) | Retired);
        return generation != uint.MaxValue;
    }

    public bool TryPin(uint generation)
    {
        long word = Volatile.Read(ref _word);
        while ((uint)(word >> 32) == generation && (word & Retired) == 0 && (word & PinMask) != 0)
        {
            long seen = Interlocked.CompareExchange(ref _word, word + 1, word);
            if (seen == word)
            {
                return true;
            }

            word = seen;
        }

        return false;
    }

    /// <summary>One more pin for a holder of one; also right on a slot that was retired since.</summary>
    public void PinAgain() => Interlocked.Increment(ref _word);

    /// <summary>True when that was the last pin: the caller closes and frees the slot.</summary>
    public bool Unpin() => (Interlocked.Decrement(ref _word) & PinMask) == 0;

    /// <summary>
    /// Ends the slot's life and gives back the table's own pin. False for a generation that is not the living one, so a number that is
    /// given back twice changes nothing.
    /// </summary>
    public bool TryRetire(uint generation, out bool last)
    {
        long word = Volatile.Read(ref _word);
        while ((uint)(word >> 32) == generation && (word & Retired) == 0 && (word & PinMask) != 0)
        {
            long seen = Interlocked.CompareExchange(ref _word, (word | Retired) - 1, word);
            if (seen == word)
            {
                last = (word & PinMask) == 1;
                return true;
            }

            word = seen;
        }

        last = false;
        return false;
    }
}
