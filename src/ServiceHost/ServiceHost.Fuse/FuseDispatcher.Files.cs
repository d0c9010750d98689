using System.Runtime.CompilerServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

public sealed partial class FuseDispatcher
{
    private Errno Open(ref FuseCall call)
    {
        Errno errno = _fileSystem.Open(call.Context, call.Node, call.Fixed<FuseOpenIn>(), out FuseOpenOut open);
        call.Put(open);
        return errno;
    }

    private Errno Read(ref FuseCall call)
    {
        FuseReadIn request = call.Fixed<FuseReadIn>();
        if (request.Size > call.Reply.Length)
        {
            // Less than asked for would mean end of file.
            return call.Malformed();
        }

        Errno errno = _fileSystem.Read(call.Context, call.Node, request, call.Reply[..(int)request.Size], out int count);
        return call.PutWritten(errno, count, (int)request.Size);
    }

    private Errno Write(ref FuseCall call)
    {
        FuseWriteIn request = call.Fixed<FuseWriteIn>();
        if (request.Size != call.Data.Length)
        {
            return call.Malformed();
        }

        Errno errno = _fileSystem.Write(call.Context, call.Node, request, call.Data, out int count);
        return errno.IsError ? errno : call.Put(new FuseWriteOut { Size = (uint)FuseCall.CheckedCount(count, call.Data.Length) });
    }

    private Errno Fsync(ref FuseCall call)
    {
        FuseFsyncIn request = call.Fixed<FuseFsyncIn>();
        return _fileSystem.Fsync(call.Context, call.Node, request.Fh, request.FsyncFlags);
    }

    private Errno Getlk(ref FuseCall call)
    {
        FuseLkOut found = default;
        Errno errno = _fileSystem.Getlk(call.Context, call.Node, call.Fixed<FuseLkIn>(), out found.Lk);
        call.Put(found);
        return errno;
    }

    private Errno Lseek(ref FuseCall call)
    {
        Errno errno = _fileSystem.Lseek(call.Context, call.Node, call.Fixed<FuseLseekIn>(), out ulong offset);
        call.Put(new FuseLseekOut { Offset = offset });
        return errno;
    }

    private Errno CopyFileRange(ref FuseCall call)
    {
        FuseCopyFileRangeIn request = call.Fixed<FuseCopyFileRangeIn>();

        // The older reply counts in 32 bits, and the kernel asks for less than 4 GiB there.
        request.Len = Math.Min(request.Len, uint.MaxValue);
        Errno errno = CopyFileRange(ref call, request, out ulong copied);
        call.Put(new FuseWriteOut { Size = (uint)copied });
        return errno;
    }

    private Errno CopyFileRange64(ref FuseCall call)
    {
        Errno errno = CopyFileRange(ref call, call.Fixed<FuseCopyFileRangeIn>(), out ulong copied);
        call.Put(new FuseCopyFileRangeOut { BytesCopied = copied });
        return errno;
    }

    private Errno CopyFileRange(ref FuseCall call, in FuseCopyFileRangeIn request, out ulong copied)
    {
        Errno errno = _fileSystem.CopyFileRange(call.Context, call.Node, request, out copied);
        return errno.IsError || copied <= request.Len
            ? errno
            : throw new InvalidOperationException($"The filesystem reported {copied} bytes copied where {request.Len} were asked for.");
    }

    private Errno Ioctl(ref FuseCall call)
    {
        FuseIoctlIn request = call.Fixed<FuseIoctlIn>();
        int head = Unsafe.SizeOf<FuseIoctlOut>();
        if (request.InSize != call.Data.Length || request.OutSize > call.Reply.Length - head)
        {
            return call.Malformed();
        }

        Span<byte> output = call.Reply.Slice(head, (int)request.OutSize);
        Errno errno = _fileSystem.Ioctl(call.Context, call.Node, request, call.Data, output, out int result, out int length);
        call.Put(new FuseIoctlOut { Result = result });
        return call.PutWritten(errno, length, output.Length);
    }

    private Errno Poll(ref FuseCall call)
    {
        Errno errno = _fileSystem.Poll(call.Context, call.Node, call.Fixed<FusePollIn>(), out uint revents);
        call.Put(new FusePollOut { Revents = revents });
        return errno;
    }

    private Errno Bmap(ref FuseCall call)
    {
        FuseBmapIn request = call.Fixed<FuseBmapIn>();
        Errno errno = _fileSystem.Bmap(call.Context, call.Node, request.Block, request.BlockSize, out ulong block);
        call.Put(new FuseBmapOut { Block = block });
        return errno;
    }

    private Errno Removemapping(ref FuseCall call)
    {
        uint count = call.Fixed<FuseRemovemappingIn>().Count;
        if (!ElementReader<FuseRemovemappingOne>.TryCreate(call.Data, count, out ElementReader<FuseRemovemappingOne> elements))
        {
            return call.Malformed();
        }

        Errno errno = Errno.None;
        while (errno.IsOk && elements.TryRead(out FuseRemovemappingOne mapping))
        {
            errno = _fileSystem.Removemapping(call.Context, call.Node, mapping);
        }

        return errno;
    }
}
