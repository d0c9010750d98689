namespace Servers.Passthrough;

/// <summary>Which files the kernel reads and writes by itself.</summary>
internal enum BackingPolicy
{
    /// <summary>All but what is executable and can be written: to hold it open for writing would keep it from being executed in the source.</summary>
    Auto,

    /// <summary>Executables too, registered for reading only: whoever wants to write one that is open waits for its last reader.</summary>
    Always,

    /// <summary>Only what cannot be written through this mount: nothing in the source is held open for writing.</summary>
    ReadOnly,

    /// <summary>None.</summary>
    Never,
}
