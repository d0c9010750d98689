namespace ServiceHost.MountProtocol;

/// <summary>What a BRKM asks for besides its words, and which descriptors came with it.</summary>
[Flags]
public enum BrokerMountFlags : uint
{
    None = 0,

    /// <summary>mount -v: lines about what is being done.</summary>
    Verbose = 1 << 0,

    /// <summary>mount -n.</summary>
    NoUtab = 1 << 1,

    /// <summary>mount -s.</summary>
    Sloppy = 1 << 2,

    /// <summary>A SOURCE was named; it need not be a path.</summary>
    HasSource = 1 << 3,

    /// <summary>The second descriptor is SOURCE, opened for reading.</summary>
    SourceForReading = 1 << 4,

    /// <summary>The next descriptor is SOURCE, opened for reading and writing.</summary>
    SourceForWriting = 1 << 5,

    /// <summary>The last descriptor is what journal_path= names, opened for reading.</summary>
    JournalForReading = 1 << 6,

    All = (1 << 7) - 1,
}
