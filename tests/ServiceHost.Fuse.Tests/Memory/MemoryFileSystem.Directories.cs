using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Memory;

internal sealed partial class MemoryFileSystem
{
    public override Errno Opendir(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        Count("opendir");
        open = new FuseOpenOut { Fh = new FileHandle(6) };
        return Errno.None;
    }

    public override Errno Releasedir(in RequestContext ctx, NodeId node, in FuseReleaseIn request)
    {
        Count("releasedir");
        return Errno.None;
    }

    public override Errno Fsyncdir(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags)
    {
        Count("fsyncdir");
        return Errno.None;
    }

    public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
    {
        Count("readdir");
        lock (_lock)
        {
            ulong offset = request.Offset;
            foreach ((string name, MemoryNode child) in Find(node)!.Children.Skip((int)offset))
            {
                if (!entries.TryAdd(Encoding.Latin1.GetBytes(name), child.Id.Value, ++offset, child.Mode >> 12))
                {
                    break;
                }
            }

            return Errno.None;
        }
    }

    public override Errno Readdirplus(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryPlusWriter entries)
    {
        Count("readdirplus");
        lock (_lock)
        {
            ulong offset = request.Offset;
            foreach ((string name, MemoryNode child) in Find(node)!.Children.Skip((int)offset))
            {
                byte[] bytes = Encoding.Latin1.GetBytes(name);
                if (!entries.HasRoomFor(bytes.Length))
                {
                    break;
                }

                entries.TryAdd(Entry(child), bytes, child.Id.Value, ++offset, child.Mode >> 12);
            }

            return Errno.None;
        }
    }
}
