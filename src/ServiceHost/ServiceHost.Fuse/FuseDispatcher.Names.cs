using ServiceHost.Linux;

namespace ServiceHost.Fuse;

public sealed partial class FuseDispatcher
{
    private Errno Lookup(ref FuseCall call)
    {
        Errno errno = _fileSystem.Lookup(call.Context, call.Node, call.Name, out FuseEntryOut entry);
        call.Put(entry);
        return errno;
    }

    private Errno Readlink(ref FuseCall call)
    {
        Span<byte> target = call.Reply[..FuseProtocol.MaxSymlink];
        Errno errno = _fileSystem.Readlink(call.Context, call.Node, target, out int length);
        return call.PutWritten(errno, length, target.Length);
    }

    private Errno Symlink(ref FuseCall call)
    {
        Errno errno = _fileSystem.Symlink(call.Context, call.Node, call.Name, call.SecondName, out FuseEntryOut entry);
        call.Put(entry);
        return errno;
    }

    private Errno Mknod(ref FuseCall call)
    {
        Errno errno = _fileSystem.Mknod(call.Context, call.Node, call.Fixed<FuseMknodIn>(), call.Name, out FuseEntryOut entry);
        call.Put(entry);
        return errno;
    }

    private Errno Mkdir(ref FuseCall call)
    {
        Errno errno = _fileSystem.Mkdir(call.Context, call.Node, call.Fixed<FuseMkdirIn>(), call.Name, out FuseEntryOut entry);
        call.Put(entry);
        return errno;
    }

    private Errno Rename(ref FuseCall call) =>
        _fileSystem.Rename(call.Context, call.Node, call.Name, call.Fixed<FuseRenameIn>().NewDir, call.SecondName, flags: 0);

    private Errno Rename2(ref FuseCall call)
    {
        FuseRename2In request = call.Fixed<FuseRename2In>();
        return _fileSystem.Rename(call.Context, call.Node, call.Name, request.NewDir, call.SecondName, request.Flags);
    }

    private Errno Link(ref FuseCall call)
    {
        NodeId node = call.Fixed<FuseLinkIn>().OldNodeId;
        Errno errno = _fileSystem.Link(call.Context, node, call.Node, call.Name, out FuseEntryOut entry);
        call.Put(entry);
        return errno;
    }

    private Errno Create(ref FuseCall call)
    {
        Errno errno = _fileSystem.Create(
            call.Context, call.Node, call.Fixed<FuseCreateIn>(), call.Name, out FuseEntryOut entry, out FuseOpenOut open);
        call.Put(entry);
        call.Put(open);
        return errno;
    }

    private Errno Tmpfile(ref FuseCall call)
    {
        Errno errno = _fileSystem.Tmpfile(
            call.Context, call.Node, call.Fixed<FuseCreateIn>(), out FuseEntryOut entry, out FuseOpenOut open);
        call.Put(entry);
        call.Put(open);
        return errno;
    }

    private Errno Forget(ref FuseCall call)
    {
        _fileSystem.Forget(call.Context, call.Node, call.Fixed<FuseForgetIn>().Nlookup);
        return Errno.None;
    }

    private Errno BatchForget(ref FuseCall call)
    {
        uint count = call.Fixed<FuseBatchForgetIn>().Count;
        if (!ElementReader<FuseForgetOne>.TryCreate(call.Data, count, out ElementReader<FuseForgetOne> elements))
        {
            return call.Malformed();
        }

        while (elements.TryRead(out FuseForgetOne one))
        {
            _fileSystem.Forget(call.Context, one.NodeId, one.Nlookup);
        }

        return Errno.None;
    }
}
