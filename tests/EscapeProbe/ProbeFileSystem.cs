using System.Collections.Concurrent;
using System.Text;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace EscapeProbe;

/// <summary>Serves a <see cref="ProbeTree"/>: what a file says is decided when it is opened and stays until it is closed.</summary>
internal sealed class ProbeFileSystem(ProbeTree tree) : FuseFileSystem
{
    private const uint AccessMode = 3;
    private readonly ConcurrentDictionary<FileHandle, byte[]> _open = new();
    private long _lastHandle;

    public override Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
    {
        ProbeNode? child = tree[parent].Find(name.Bytes);
        entry = child is null ? default : new FuseEntryOut { NodeId = child.Id, Attr = child.Attributes };
        return child is null ? Errno.ENOENT : Errno.None;
    }

    public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
    {
        attr = new FuseAttrOut { Attr = tree[node].Attributes };
        return Errno.None;
    }

    public override Errno Open(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = default;
        if ((request.Flags & AccessMode) != 0)
        {
            return Errno.EROFS;
        }

        open.Fh = new FileHandle((ulong)Interlocked.Increment(ref _lastHandle));
        open.OpenFlags = FopenFlags.DirectIo;
        _open[open.Fh] = Encoding.UTF8.GetBytes(tree[node].Content!());
        return Errno.None;
    }

    public override Errno Release(in RequestContext ctx, NodeId node, in FuseReleaseIn request)
    {
        _open.TryRemove(request.Fh, out _);
        return Errno.None;
    }

    public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
    {
        ReadOnlySpan<byte> content = _open[request.Fh];
        ReadOnlySpan<byte> rest = content[(int)Math.Min(request.Offset, (ulong)content.Length)..];
        count = Math.Min(rest.Length, data.Length);
        rest[..count].CopyTo(data);
        return Errno.None;
    }

    public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
    {
        ProbeNode directory = tree[node];
        for (ulong i = request.Offset; i < (ulong)directory.Children.Count + 2; i++)
        {
            bool added = i switch
            {
                0 => entries.TryAdd("."u8, directory.Id.Value, 1, directory.EntryType),
                1 => entries.TryAdd(".."u8, directory.Parent.Value, 2, directory.EntryType),
                _ => Add(directory.Children[(int)i - 2], i + 1, ref entries),
            };
            if (!added)
            {
                break;
            }
        }

        return Errno.None;
    }

    private static bool Add(ProbeNode child, ulong nextOffset, ref DirEntryWriter entries) =>
        entries.TryAdd(child.Name, child.Id.Value, nextOffset, child.EntryType);
}
