namespace ServiceHost.Fuse;

/// <summary>FOPEN_*: how the kernel treats an opened file, in the reply to OPEN, OPENDIR, CREATE and TMPFILE.</summary>
[Flags]
public enum FopenFlags : uint
{
    /// <summary>FOPEN_DIRECT_IO: no page cache for reads and writes.</summary>
    DirectIo = 1 << 0,

    /// <summary>FOPEN_KEEP_CACHE: cached pages survive this open.</summary>
    KeepCache = 1 << 1,

    /// <summary>FOPEN_NONSEEKABLE: lseek(2) fails with ESPIPE.</summary>
    NonSeekable = 1 << 2,

    /// <summary>FOPEN_CACHE_DIR: results of READDIR are cached.</summary>
    CacheDir = 1 << 3,

    /// <summary>FOPEN_STREAM: there is no file position.</summary>
    Stream = 1 << 4,

    /// <summary>FOPEN_NOFLUSH: no FLUSH on close.</summary>
    NoFlush = 1 << 5,

    /// <summary>FOPEN_PARALLEL_DIRECT_WRITES: direct writes inside the file run in parallel.</summary>
    ParallelDirectWrites = 1 << 6,

    /// <summary>FOPEN_PASSTHROUGH: data goes to the backing file.</summary>
    Passthrough = 1 << 7,
}
