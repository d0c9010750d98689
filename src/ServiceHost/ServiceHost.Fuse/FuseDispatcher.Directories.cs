using ServiceHost.Linux;

namespace ServiceHost.Fuse;

public sealed partial class FuseDispatcher
{
    private Errno Opendir(ref FuseCall call)
    {
        Errno errno = _fileSystem.Opendir(call.Context, call.Node, call.Fixed<FuseOpenIn>(), out FuseOpenOut open);
        call.Put(open);
        return errno;
    }

    private Errno Readdir(ref FuseCall call)
    {
        FuseReadIn request = call.Fixed<FuseReadIn>();
        if (request.Size > call.Reply.Length)
        {
            return call.Malformed();
        }

        DirEntryWriter entries = new(call.Reply[..(int)request.Size], gap: 0);
        Errno errno = _fileSystem.Readdir(call.Context, call.Node, request, ref entries);
        return call.PutWritten(errno, entries.Length, (int)request.Size);
    }

    private Errno Readdirplus(ref FuseCall call)
    {
        FuseReadIn request = call.Fixed<FuseReadIn>();
        if (request.Size > call.Reply.Length)
        {
            return call.Malformed();
        }

        DirEntryPlusWriter entries = new(call.Reply[..(int)request.Size]);
        Errno errno = _fileSystem.Readdirplus(call.Context, call.Node, request, ref entries);
        return call.PutWritten(errno, entries.Length, (int)request.Size);
    }

    private Errno Fsyncdir(ref FuseCall call)
    {
        FuseFsyncIn request = call.Fixed<FuseFsyncIn>();
        return _fileSystem.Fsyncdir(call.Context, call.Node, request.Fh, request.FsyncFlags);
    }
}
