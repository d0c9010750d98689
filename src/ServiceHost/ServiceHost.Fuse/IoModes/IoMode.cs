namespace ServiceHost.Fuse;

/// <summary>Where the kernel finds the data of an inode that is open.</summary>
public enum IoMode
{
    /// <summary>In the page cache, filled by READ.</summary>
    Cached,

    /// <summary>Nowhere: every read and write is a request.</summary>
    Direct,

    /// <summary>In a backing file, which it reads, writes and maps by itself.</summary>
    Passthrough,
}
