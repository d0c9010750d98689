using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Memory;

internal sealed partial class MemoryFileSystem
{
    public const uint EchoCommand = 0xC010_6601; // _IOWR('f', 1, 16 bytes)

    public const int FirstDeviceBlock = 100;

    private readonly List<ulong> _pollHandles = []; // under _lock
    private uint _ready; // under _lock
    private volatile bool _unblock;

    public override Errno Open(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        Count("open");
        open = new FuseOpenOut { Fh = new FileHandle(5), OpenFlags = OpenFlags };
        return Errno.None;
    }

    public override Errno Release(in RequestContext ctx, NodeId node, in FuseReleaseIn request)
    {
        Count("release");
        return Errno.None;
    }

    public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
    {
        count = 0;
        byte[] stored;
        string? name;
        lock (_lock)
        {
            MemoryNode known = Find(node)!;
            stored = known.Data;
            name = Root.Children.FirstOrDefault(child => child.Value == known).Key;
        }

        Count("read");
        if (name == "throws")
        {
            throw new InvalidOperationException("thrown on purpose");
        }

        if (name == "blocks")
        {
            return WaitForInterrupt(ctx);
        }

        ReadOnlySpan<byte> rest = stored.AsSpan((int)Math.Min(request.Offset, (ulong)stored.Length));
        count = Math.Min(rest.Length, data.Length);
        rest[..count].CopyTo(data);
        return Errno.None;
    }

    public override Errno Write(in RequestContext ctx, NodeId node, in FuseWriteIn request, ReadOnlySpan<byte> data, out int count)
    {
        Count("write");
        lock (_lock)
        {
            MemoryNode known = Find(node)!;
            byte[] stored = known.Data;
            Array.Resize(ref stored, Math.Max(stored.Length, (int)request.Offset + data.Length));
            data.CopyTo(stored.AsSpan((int)request.Offset));
            known.Data = stored;
            count = data.Length;
            return Errno.None;
        }
    }

    public override Errno Flush(in RequestContext ctx, NodeId node, in FuseFlushIn request)
    {
        Count("flush");
        return Errno.None;
    }

    public override Errno Fsync(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags)
    {
        Count(flags == FuseFsyncFlags.DataSync ? "fdatasync" : "fsync");
        return Errno.None;
    }

    public override Errno Fallocate(in RequestContext ctx, NodeId node, in FuseFallocateIn request)
    {
        Count("fallocate");
        lock (_lock)
        {
            MemoryNode known = Find(node)!;
            byte[] stored = known.Data;
            int end = (int)(request.Offset + request.Length);
            if (request.Mode == 3)
            {
                stored.AsSpan((int)request.Offset..Math.Min(end, stored.Length)).Clear();
            }
            else if (request.Mode == 0)
            {
                Array.Resize(ref stored, Math.Max(stored.Length, end));
                known.Data = stored;
            }

            return Errno.None;
        }
    }

    /// <summary>Every file has data up to byte 4096 and a hole from there.</summary>
    public override Errno Lseek(in RequestContext ctx, NodeId node, in FuseLseekIn request, out ulong offset)
    {
        Count("lseek");
        offset = request.Whence == 4 ? Math.Max(request.Offset, 4096) : request.Offset;
        return request.Whence == 3 && request.Offset >= 4096 ? Errno.ENXIO : Errno.None;
    }

    public override Errno CopyFileRange(in RequestContext ctx, NodeId node, in FuseCopyFileRangeIn request, out ulong copied)
    {
        Count("copy_file_range");
        lock (_lock)
        {
            byte[] source = Find(node)!.Data;
            MemoryNode target = Find(request.NodeIdOut)!;
            int count = (int)Math.Min(request.Len, (ulong)source.Length - Math.Min(request.OffIn, (ulong)source.Length));
            byte[] stored = target.Data;
            Array.Resize(ref stored, Math.Max(stored.Length, (int)request.OffOut + count));
            source.AsSpan((int)request.OffIn, count).CopyTo(stored.AsSpan((int)request.OffOut));
            target.Data = stored;
            copied = (ulong)count;
            return Errno.None;
        }
    }

    /// <summary>The echo command gives its 16 bytes back in reverse and returns 42.</summary>
    public override Errno Ioctl(
        in RequestContext ctx, NodeId node, in FuseIoctlIn request, ReadOnlySpan<byte> input, Span<byte> output, out int result, out int length)
    {
        Count("ioctl");
        result = 0;
        length = 0;
        if (request.Cmd != EchoCommand)
        {
            return Errno.ENOTTY;
        }

        input.CopyTo(output);
        output.Reverse();
        result = 42;
        length = output.Length;
        return Errno.None;
    }

    public override Errno Poll(in RequestContext ctx, NodeId node, in FusePollIn request, out uint revents)
    {
        Count("poll");
        lock (_lock)
        {
            if ((request.Flags & FusePollFlags.ScheduleNotify) != 0)
            {
                _pollHandles.Add(request.Kh);
            }

            revents = _ready;
            return Errno.None;
        }
    }

    public override Errno Bmap(in RequestContext ctx, NodeId node, ulong block, uint blockSize, out ulong deviceBlock)
    {
        Count("bmap");
        deviceBlock = block + FirstDeviceBlock;
        return Errno.None;
    }

    /// <summary>Makes every file readable for poll(2) and wakes who waits.</summary>
    public void BecomeReady()
    {
        ulong[] handles;
        lock (_lock)
        {
            _ready = 1;
            handles = [.. _pollHandles];
            _pollHandles.Clear();
        }

        foreach (ulong handle in handles)
        {
            Notifier.PollWakeup(handle);
        }
    }

    /// <summary>Ends a blocked read without an interrupt.</summary>
    public void Unblock() => _unblock = true;

    public void BlockAgain() => _unblock = false;

    private Errno WaitForInterrupt(in RequestContext ctx)
    {
        if (ctx.Unique.IsResend)
        {
            Count("resent read");
            return Errno.EUCLEAN;
        }

        // The way out makes a lost interrupt a failed assertion instead of a hanging test.
        Blocked.Release();
        long start = Environment.TickCount64;
        while (!ctx.IsInterrupted && !_unblock)
        {
            if (Environment.TickCount64 - start > 60_000)
            {
                return Errno.ETIMEDOUT;
            }

            Thread.Sleep(1);
        }

        return Errno.EINTR;
    }
}
