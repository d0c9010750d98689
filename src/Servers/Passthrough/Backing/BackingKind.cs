namespace Servers.Passthrough;

/// <summary>What to register when a file is opened first.</summary>
internal enum BackingKind
{
    /// <summary>Nothing: ordinary I/O.</summary>
    None,

    /// <summary>The file opened O_RDWR, whatever the caller wants: so no later writer is turned away.</summary>
    ReadWrite,

    /// <summary>The file opened O_RDONLY, below a read-only mount.</summary>
    ReadOnly,
}
