namespace ServiceHost.Linux;

/// <summary>SEEK_*.</summary>
public enum SeekWhence
{
    /// <summary>SEEK_SET.</summary>
    Set = 0,

    /// <summary>SEEK_CUR.</summary>
    Current = 1,

    /// <summary>SEEK_END.</summary>
    End = 2,

    /// <summary>SEEK_DATA.</summary>
    Data = 3,

    /// <summary>SEEK_HOLE.</summary>
    Hole = 4,
}
