namespace Servers.Ext4;

/// <summary>A place in the ring of the log, and how far it has come.</summary>
internal struct LogPosition(JournalSuperblock journal)
{
    public uint Block { get; private set; } = journal.Start;

    /// <summary>Blocks passed. A log is no longer than its ring: whoever has passed more goes in circles.</summary>
    public ulong Passed { get; private set; }

    public readonly bool IsInCircles => Passed > journal.Last;

    public void Advance(uint count)
    {
        Passed += count;
        ulong next = (ulong)Block + count;
        if (next >= journal.Last)
        {
            uint ring = journal.Last - journal.First;
            next = journal.First + ((next - journal.First) % ring);
        }

        Block = (uint)next;
    }
}
