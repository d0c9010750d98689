namespace ServiceHost.Fuse;

/// <summary>
/// Receives what the page cache held: <paramref name="data"/> starts at <paramref name="offset"/> and ends with the call; it may be shorter
/// than asked for, or empty. Runs on a worker thread.
/// </summary>
public delegate void RetrieveCallback(NodeId node, ulong offset, ReadOnlySpan<byte> data);
