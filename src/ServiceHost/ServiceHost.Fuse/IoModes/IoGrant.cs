namespace ServiceHost.Fuse;

/// <summary>How one open is to be answered.</summary>
/// <param name="Mode">The inode's mode.</param>
/// <param name="BackingId">With <see cref="IoMode.Passthrough"/> the registered file.</param>
public readonly record struct IoGrant(IoMode Mode, int BackingId = 0)
{
    private const FopenFlags WithCache = FopenFlags.KeepCache | FopenFlags.NonSeekable | FopenFlags.Stream | FopenFlags.NoFlush;
    private const FopenFlags WithoutCache = FopenFlags.ParallelDirectWrites | FopenFlags.NonSeekable | FopenFlags.Stream | FopenFlags.NoFlush;

    // The kernel makes EIO of any other flag beside PASSTHROUGH.
    private const FopenFlags WithBacking = FopenFlags.DirectIo | FopenFlags.ParallelDirectWrites | FopenFlags.NoFlush;

    /// <summary>
    /// The file wants to be written and is open with a backing file that was registered for reading only: the answer is ETXTBSY, and nothing is to
    /// be given back.
    /// </summary>
    public bool IsBusy { get; init; }

    /// <summary>
    /// Writes the mode into the reply to OPEN, CREATE or TMPFILE, with those of the wished flags that go with it. DIRECT_IO is one in
    /// passthrough only: reads and writes then come to the server, and what is mapped is the backing file.
    /// </summary>
    public void Answer(FopenFlags wished, ref FuseOpenOut open)
    {
        open.OpenFlags = Mode switch
        {
            IoMode.Passthrough => FopenFlags.Passthrough | (wished & WithBacking),
            IoMode.Direct => FopenFlags.DirectIo | (wished & WithoutCache),
            _ => wished & WithCache,
        };
        open.BackingId = BackingId;
    }
}
