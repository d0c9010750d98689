namespace Servers.Passthrough;

/// <summary>Says each thing once per mount: a caller can repeat what causes it as often as it likes.</summary>
internal sealed class OnceLog(Action<string> log)
{
    private int _unmapped;
    private int _inodes;
    private int _handles;
    private int _busy;

    public void UnmappedId(uint uid, uint gid)
    {
        if (Interlocked.Exchange(ref _unmapped, 1) == 0)
        {
            log($"an id is outside this mount's map and cannot own anything here (uid {uid}, gid {gid}): EOVERFLOW. "
                + $"As root, mount with -o idmap={uid}-{uid} (or a range that has all such ids) to include it.");
        }
    }

    public void NoRoomForInodes(int limit)
    {
        if (Interlocked.Exchange(ref _inodes, 1) == 0)
        {
            log($"all {limit} inodes that the file limit (RLIMIT_NOFILE) allows are in use by the kernel: ENFILE. "
                + "Raise LimitNOFILE= of the service.");
        }
    }

    public void WriterTurnedAway()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0)
        {
            log("a file that is open in passthrough could be registered for reading only, and somebody wants to write it now: ETXTBSY, until its "
                + "last reader closes it. With passthrough=never this does not happen.");
        }
    }

    public void NoRoomForHandles(int limit)
    {
        if (Interlocked.Exchange(ref _handles, 1) == 0)
        {
            log($"all {limit} open files that the file limit (RLIMIT_NOFILE) allows are in use: ENFILE. "
                + "Raise LimitNOFILE= of the service.");
        }
    }
}
