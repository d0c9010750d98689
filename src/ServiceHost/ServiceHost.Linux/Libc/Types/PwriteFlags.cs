namespace ServiceHost.Linux;

/// <summary>RWF_* of pwritev2(2): what holds for this one write.</summary>
[Flags]
public enum PwriteFlags
{
    None = 0,

    /// <summary>RWF_DSYNC.</summary>
    DataSync = 0x02,

    /// <summary>RWF_SYNC.</summary>
    Sync = 0x04,

    /// <summary>RWF_APPEND: the data goes to the end, wherever that is by then; the offset is ignored.</summary>
    Append = 0x10,
}
