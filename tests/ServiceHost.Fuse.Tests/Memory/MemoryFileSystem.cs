using System.Collections.Concurrent;
using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Memory;

/// <summary>
/// A complete filesystem in memory, for mounting on the real kernel. It counts what reaches it, and a few file names have a meaning:
/// reading "throws" throws, reading "blocks" waits until it is interrupted.
/// </summary>
internal sealed partial class MemoryFileSystem : FuseFileSystem
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, MemoryNode> _nodes = []; // under _lock
    private ulong _lastId = 1; // under _lock

    public MemoryFileSystem()
    {
        Root = new MemoryNode(NodeId.Root, 0x4000 | 0x1FF);
        _nodes.Add(1, Root);
    }

    public MemoryNode Root { get; }

    /// <summary>Seconds that the kernel may keep attributes and entries.</summary>
    public ulong Timeout { get; set; } = 1000;

    public FopenFlags OpenFlags { get; set; }

    public FuseNotifier Notifier { get; private set; } = null!;

    /// <summary>How often each operation ran, by name.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>Signalled when a read of "blocks" has begun.</summary>
    public SemaphoreSlim Blocked { get; } = new(0);

    public ConcurrentQueue<string> WorkerThreads { get; } = new();

    public bool SessionEnded { get; private set; }

    public int NodeCount
    {
        get
        {
            lock (_lock)
            {
                return _nodes.Count;
            }
        }
    }

    public override void OnInit(FuseConnection connection, FuseNotifier notifier) => Notifier = notifier;

    public override void OnWorkerStart(int worker) => WorkerThreads.Enqueue(Thread.CurrentThread.Name ?? string.Empty);

    public override void OnSessionEnd() => SessionEnded = true;

    public MemoryNode AddFile(string name, byte[] data)
    {
        lock (_lock)
        {
            MemoryNode node = NewNode(0x8000 | 0x1B6, default);
            node.Data = data;
            Root.Children.Add(name, node);
            return node;
        }
    }

    public override Errno Statfs(in RequestContext ctx, NodeId node, out FuseKstatfs statfs)
    {
        Count("statfs");
        statfs = new FuseKstatfs { Blocks = 1000, BFree = 400, BAvail = 300, Files = 99, FFree = 98, BSize = 4096, FrSize = 4096, NameLen = 255 };
        return Errno.None;
    }

    public override Errno Syncfs(in RequestContext ctx, NodeId node)
    {
        Count("syncfs");
        return Errno.None;
    }

    public override void Destroy(in RequestContext ctx)
    {
        // Long enough for a umount that does not wait to be found out.
        Thread.Sleep(200);
        Count("destroy");
    }

    private void Count(string operation) => Calls.AddOrUpdate(operation, 1, static (_, count) => count + 1);

    private static string Key(CString name) => Encoding.Latin1.GetString(name.Bytes);

    private static ulong Now => (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private MemoryNode NewNode(uint mode, in RequestContext ctx, byte[]? target = null, uint rdev = 0)
    {
        MemoryNode node = new(new NodeId(++_lastId), mode)
        {
            Uid = ctx.Uid,
            Gid = ctx.Gid,
            Target = target ?? [],
            Rdev = rdev,
            Atime = Now,
            Mtime = Now,
            Ctime = Now,
        };
        _nodes.Add(node.Id.Value, node);
        return node;
    }

    private MemoryNode? Find(NodeId id) => _nodes.GetValueOrDefault(id.Value);

    private FuseEntryOut Entry(MemoryNode node)
    {
        node.Nlookup++;
        return new FuseEntryOut { NodeId = node.Id, EntryValid = Timeout, AttrValid = Timeout, Attr = node.Attr };
    }

    private FuseAttrOut AttrOut(MemoryNode node) => new() { AttrValid = Timeout, Attr = node.Attr };

    private void DropIfUnused(MemoryNode node)
    {
        if (node.Nlookup == 0 && node.Nlink == 0)
        {
            _nodes.Remove(node.Id.Value);
        }
    }
}
