using System.Text;
using ServiceHost.Fuse;

namespace EscapeProbe;

/// <summary>A directory, or a file whose content is made anew by every open. Nodes are never removed, so ids are indexes.</summary>
internal sealed class ProbeNode(NodeId id, NodeId parent, string name, Func<string>? content)
{
    private const uint DirectoryMode = 0x4000 | 0x16D;
    private const uint FileMode = 0x8000 | 0x124;
    private readonly List<ProbeNode> _children = [];

    public NodeId Id { get; } = id;

    public NodeId Parent { get; } = parent;

    public byte[] Name { get; } = Encoding.UTF8.GetBytes(name);

    public Func<string>? Content { get; } = content;

    public IReadOnlyList<ProbeNode> Children => _children;

    /// <summary>DT_*: the type bits of the mode.</summary>
    public uint EntryType => Attributes.Mode >> 12;

    /// <summary>A size that nobody can know before the open is 0; direct I/O reads past it.</summary>
    public FuseAttr Attributes => new()
    {
        Ino = Id.Value,
        Mode = Content is null ? DirectoryMode : FileMode,
        Nlink = Content is null ? 2u : 1u,
        BlkSize = 4096,
    };

    public ProbeNode? Find(ReadOnlySpan<byte> name)
    {
        foreach (ProbeNode child in _children)
        {
            if (name.SequenceEqual(child.Name))
            {
                return child;
            }
        }

        return null;
    }

    internal void Add(ProbeNode child) => _children.Add(child);
}
