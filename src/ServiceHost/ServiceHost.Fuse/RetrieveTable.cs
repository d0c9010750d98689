using System.Diagnostics.CodeAnalysis;

namespace ServiceHost.Fuse;

/// <summary>Who waits for which NOTIFY_REPLY.</summary>
internal sealed class RetrieveTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, (NodeId Node, RetrieveCallback Callback)> _waiting = []; // under _lock
    private ulong _last; // under _lock

    internal ulong Add(NodeId node, RetrieveCallback callback)
    {
        lock (_lock)
        {
            _waiting.Add(++_last, (node, callback));
            return _last;
        }
    }

    internal bool TryTake(ulong unique, out NodeId node, [NotNullWhen(true)] out RetrieveCallback? callback)
    {
        lock (_lock)
        {
            bool found = _waiting.Remove(unique, out (NodeId Node, RetrieveCallback Callback) entry);
            node = entry.Node;
            callback = entry.Callback;
            return found;
        }
    }
}
