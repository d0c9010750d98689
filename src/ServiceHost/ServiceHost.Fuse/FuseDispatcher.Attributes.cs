using ServiceHost.Linux;

namespace ServiceHost.Fuse;

public sealed partial class FuseDispatcher
{
    private Errno Getattr(ref FuseCall call)
    {
        FuseGetattrIn request = call.Fixed<FuseGetattrIn>();
        FileHandle? fh = HandleIf(request.GetattrFlags, request.Fh);
        Errno errno = _fileSystem.Getattr(call.Context, call.Node, fh, out FuseAttrOut attr);
        call.Put(attr);
        return errno;
    }

    private Errno Statx(ref FuseCall call)
    {
        FuseStatxIn request = call.Fixed<FuseStatxIn>();
        FileHandle? fh = HandleIf(request.GetattrFlags, request.Fh);
        Errno errno = _fileSystem.Statx(call.Context, call.Node, fh, request.SxFlags, request.SxMask, out FuseStatxOut statx);
        call.Put(statx);
        return errno;
    }

    private Errno Setattr(ref FuseCall call)
    {
        Errno errno = _fileSystem.Setattr(call.Context, call.Node, call.Fixed<FuseSetattrIn>(), out FuseAttrOut attr);
        call.Put(attr);
        return errno;
    }

    private Errno Statfs(ref FuseCall call)
    {
        FuseStatfsOut statfs = default;
        Errno errno = _fileSystem.Statfs(call.Context, call.Node, out statfs.St);
        call.Put(statfs);
        return errno;
    }

    private Errno Setxattr(ref FuseCall call)
    {
        FuseSetxattrIn request = call.Fixed<FuseSetxattrIn>();
        return request.Size == call.Data.Length
            ? _fileSystem.Setxattr(call.Context, call.Node, call.Name, call.Data, request.Flags, request.SetxattrFlags)
            : call.Malformed();
    }

    private Errno Getxattr(ref FuseCall call)
    {
        uint size = call.Fixed<FuseGetxattrIn>().Size;
        if (size > call.Reply.Length)
        {
            return call.Malformed();
        }

        Errno errno = _fileSystem.Getxattr(call.Context, call.Node, call.Name, call.Reply[..(int)size], out int length);
        return PutXattr(ref call, errno, (int)size, length);
    }

    private Errno Listxattr(ref FuseCall call)
    {
        uint size = call.Fixed<FuseGetxattrIn>().Size;
        if (size > call.Reply.Length)
        {
            return call.Malformed();
        }

        Errno errno = _fileSystem.Listxattr(call.Context, call.Node, call.Reply[..(int)size], out int length);
        return PutXattr(ref call, errno, (int)size, length);
    }

    // The answer to size 0 is the size as a number, to any other size the bytes.
    private static Errno PutXattr(ref FuseCall call, Errno errno, int size, int length) =>
        errno.IsOk && size == 0
            ? call.Put(new FuseGetxattrOut { Size = (uint)FuseCall.CheckedCount(length, int.MaxValue) })
            : call.PutWritten(errno, length, size);

    private static FileHandle? HandleIf(FuseGetattrFlags flags, FileHandle fh) =>
        (flags & FuseGetattrFlags.Fh) != 0 ? fh : null;
}
