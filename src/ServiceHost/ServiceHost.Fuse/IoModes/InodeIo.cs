namespace ServiceHost.Fuse;

/// <summary>
/// The I/O mode of one inode: a field of a server's inode object, touched by nothing but <see cref="IoModes"/>. The default is an inode that is not
/// open. All of it is one word, so that an open and the last release of the same inode on two workers need no lock:
/// backing id (bits 0-31), opens (32-59), mode (60-61), and whether the backing file may be written (62).
/// </summary>
public struct InodeIo
{
    private const int OpensShift = 32;
    private const int ModeShift = 60;
    private const long OneOpen = 1L << OpensShift;
    private const long OpensMask = (1L << ModeShift) - OneOpen;
    private const long Writable = 1L << 62;

    private long _word;

    /// <summary>Opens that were not released yet.</summary>
    public readonly int Opens => (int)((Volatile.Read(in _word) & OpensMask) >> OpensShift);

    /// <summary>One more open in the mode that is in force; false when the inode is not open.</summary>
    internal bool TryJoin(bool writes, out IoGrant grant)
    {
        long word = Volatile.Read(ref _word);
        while (word != 0)
        {
            grant = GrantOf(word);
            if (writes && grant.Mode == IoMode.Passthrough && (word & Writable) == 0)
            {
                grant = grant with { IsBusy = true };
                return true;
            }

            long seen = Interlocked.CompareExchange(ref _word, word + OneOpen, word);
            if (seen == word)
            {
                return true;
            }

            word = seen;
        }

        grant = default;
        return false;
    }

    /// <summary>The first open puts the mode in force; false when another one was faster.</summary>
    internal bool TryBegin(IoGrant grant, bool isWritable)
    {
        long word = (uint)grant.BackingId | OneOpen | ((long)grant.Mode << ModeShift) | (isWritable ? Writable : 0);
        return Interlocked.CompareExchange(ref _word, word, 0) == 0;
    }

    /// <summary>One open less. The id that nobody uses any more, or 0.</summary>
    internal int Leave()
    {
        long word = Volatile.Read(ref _word);
        while (true)
        {
            long rest = word - OneOpen;
            bool isLast = (rest & OpensMask) == 0;
            long seen = Interlocked.CompareExchange(ref _word, isLast ? 0 : rest, word);
            if (seen == word)
            {
                return isLast ? GrantOf(word).BackingId : 0;
            }

            word = seen;
        }
    }

    private static IoGrant GrantOf(long word) => new((IoMode)((word >> ModeShift) & 3), (int)word);
}
