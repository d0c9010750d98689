using ServiceHost.Fuse;

namespace EscapeProbe;

/// <summary>All nodes; complete before the mount is served, and only read afterwards.</summary>
internal sealed class ProbeTree
{
    private readonly List<ProbeNode> _nodes = [];

    public ProbeTree() => Root = Append(NodeId.Root, string.Empty, null);

    public ProbeNode Root { get; }

    public ProbeNode AddDirectory(ProbeNode parent, string name) => AddChild(parent, name, null);

    public void AddFile(ProbeNode parent, string name, Func<string> content) => AddChild(parent, name, content);

    /// <summary>The node with an id that the kernel sent: it only knows ids it was given.</summary>
    public ProbeNode this[NodeId id] => _nodes[(int)id.Value - 1];

    private ProbeNode AddChild(ProbeNode parent, string name, Func<string>? content)
    {
        ProbeNode child = Append(parent.Id, name, content);
        parent.Add(child);
        return child;
    }

    private ProbeNode Append(NodeId parent, string name, Func<string>? content)
    {
        ProbeNode node = new(new NodeId((ulong)_nodes.Count + 1), parent, name, content);
        _nodes.Add(node);
        return node;
    }
}
