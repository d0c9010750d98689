namespace ServiceHost.MountProtocol;

/// <summary>Why a keeper did not do what it was asked for. It means ordinary I/O to a server, and never an error to a user.</summary>
public enum KeeperRefusal : uint
{
    None = 0,

    /// <summary>The kernel refused; the errno is its own (ELOOP: the filesystem of the file is stacked too deep).</summary>
    Kernel = 1,

    /// <summary>A directory, a device, a pipe, a socket.</summary>
    NotARegularFile = 2,

    /// <summary>O_PATH: nothing shows that the sender may open the file.</summary>
    OnlyAPlace = 3,

    /// <summary>O_WRONLY: the kernel would read it for others.</summary>
    WriteOnly = 4,

    /// <summary>O_RDWR, and not by way of a read-write clone.</summary>
    NotForWriting = 5,

    /// <summary>O_RDONLY, and not by way of a read-only clone: through another mount it would be written.</summary>
    NotForReading = 6,

    /// <summary>Append-only or immutable, and opened for writing: who opens it through the mount would not be held to that.</summary>
    Protected = 7,

    /// <summary>As many files as this mount may have are registered.</summary>
    Quota = 8,

    /// <summary>The id was not given out, or is released already.</summary>
    UnknownId = 9,
}
