using System.Text;
using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Wire;

/// <summary>Writes down what it is asked, in words, and answers with numbers that are easy to find in bytes.</summary>
internal sealed class EchoFileSystem : FuseFileSystem
{
    public static readonly FuseAttr Attr = new()
    {
        Ino = 0x0101, Size = 0x0202, Blocks = 0x0303, Atime = 0x0404, Mtime = 0x0505, Ctime = 0x0606,
        AtimeNsec = 0x07, MtimeNsec = 0x08, CtimeNsec = 0x09, Mode = 0x81A4, Nlink = 0x0A, Uid = 0x0B, Gid = 0x0C,
        Rdev = 0x0D, BlkSize = 0x0E, Flags = 0,
    };

    private static readonly FuseEntryOut s_entry = new()
    {
        NodeId = new NodeId(0x77), Generation = 0x88, EntryValid = 0x21, AttrValid = 0x22, EntryValidNsec = 0x23, AttrValidNsec = 0x24, Attr = Attr,
    };

    private static readonly FuseOpenOut s_open = new() { Fh = new FileHandle(0x55), OpenFlags = FopenFlags.KeepCache, BackingId = 3 };

    public List<string> Calls { get; } = [];

    public string Last => Assert.Single(Calls);

    public override void Destroy(in RequestContext ctx) => Note("Destroy");

    public override Errno Statfs(in RequestContext ctx, NodeId node, out FuseKstatfs statfs)
    {
        statfs = new FuseKstatfs { Blocks = 1, BFree = 2, BAvail = 3, Files = 4, FFree = 5, BSize = 6, NameLen = 7, FrSize = 8 };
        return Note($"Statfs n{node}");
    }

    public override Errno Syncfs(in RequestContext ctx, NodeId node) => Note($"Syncfs n{node}");

    public override Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
    {
        entry = s_entry;
        return Note($"Lookup n{parent} {name.ToString()} u{ctx.Uid} g{ctx.Gid} p{ctx.Pid} #{ctx.Unique.Value:x}");
    }

    public override void Forget(in RequestContext ctx, NodeId node, ulong nlookup) => Note($"Forget n{node} {nlookup}");

    public override Errno Readlink(in RequestContext ctx, NodeId node, Span<byte> target, out int length)
    {
        "to/there"u8.CopyTo(target);
        length = 8;
        return Note($"Readlink n{node} {target.Length}");
    }

    public override Errno Symlink(in RequestContext ctx, NodeId parent, CString name, CString target, out FuseEntryOut entry)
    {
        entry = s_entry;
        return Note($"Symlink n{parent} {name.ToString()} -> {target.ToString()}{Extensions(ctx)}");
    }

    public override Errno Mknod(in RequestContext ctx, NodeId parent, in FuseMknodIn request, CString name, out FuseEntryOut entry)
    {
        entry = s_entry;
        return Note($"Mknod n{parent} {name.ToString()} mode={request.Mode:x} rdev={request.Rdev:x} umask={request.Umask:x}{Extensions(ctx)}");
    }

    public override Errno Mkdir(in RequestContext ctx, NodeId parent, in FuseMkdirIn request, CString name, out FuseEntryOut entry)
    {
        entry = s_entry;
        return Note($"Mkdir n{parent} {name.ToString()} mode={request.Mode:x} umask={request.Umask:x}{Extensions(ctx)}");
    }

    public override Errno Unlink(in RequestContext ctx, NodeId parent, CString name) => Note($"Unlink n{parent} {name.ToString()}");

    public override Errno Rmdir(in RequestContext ctx, NodeId parent, CString name) => Note($"Rmdir n{parent} {name.ToString()}");

    public override Errno Rename(
        in RequestContext ctx, NodeId parent, CString name, NodeId newParent, CString newName, RenameFlags flags) =>
        Note($"Rename n{parent} {name.ToString()} -> n{newParent} {newName.ToString()} flags={(uint)flags}");

    public override Errno Link(in RequestContext ctx, NodeId node, NodeId newParent, CString newName, out FuseEntryOut entry)
    {
        entry = s_entry;
        return Note($"Link n{node} -> n{newParent} {newName.ToString()}");
    }

    public override Errno Create(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, CString name, out FuseEntryOut entry, out FuseOpenOut open)
    {
        (entry, open) = (s_entry, s_open);
        return Note($"Create n{parent} {name.ToString()} flags={request.Flags:x} mode={request.Mode:x} umask={request.Umask:x}{Extensions(ctx)}");
    }

    public override Errno Tmpfile(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, out FuseEntryOut entry, out FuseOpenOut open)
    {
        (entry, open) = (s_entry, s_open);
        return Note($"Tmpfile n{parent} flags={request.Flags:x} mode={request.Mode:x}{Extensions(ctx)}");
    }

    public override Errno Getattr(in RequestContext ctx, NodeId node, FileHandle? fh, out FuseAttrOut attr)
    {
        attr = new FuseAttrOut { AttrValid = 0x22, AttrValidNsec = 0x24, Attr = Attr };
        return Note($"Getattr n{node} fh={fh}");
    }

    public override Errno Statx(in RequestContext ctx, NodeId node, FileHandle? fh, uint flags, uint mask, out FuseStatxOut statx)
    {
        statx = new FuseStatxOut { AttrValid = 0x22, Stat = new FuseStatx { Mask = 0xFFF, Ino = 0x0101 } };
        return Note($"Statx n{node} fh={fh} flags={flags:x} mask={mask:x}");
    }

    public override Errno Setattr(in RequestContext ctx, NodeId node, in FuseSetattrIn request, out FuseAttrOut attr)
    {
        attr = new FuseAttrOut { AttrValid = 0x22, AttrValidNsec = 0x24, Attr = Attr };
        return Note(
            $"Setattr n{node} valid={(uint)request.Valid:x} fh={request.Fh} size={request.Size} owner={request.LockOwner} " +
            $"times={request.Atime},{request.Mtime},{request.Ctime} nsec={request.AtimeNsec},{request.MtimeNsec},{request.CtimeNsec} " +
            $"mode={request.Mode:x} uid={request.Uid} gid={request.Gid}");
    }

    public override Errno Access(in RequestContext ctx, NodeId node, uint mask) => Note($"Access n{node} {mask}");

    public override Errno Setxattr(
        in RequestContext ctx, NodeId node, CString name, ReadOnlySpan<byte> value, uint flags, FuseSetxattrFlags extraFlags) =>
        Note($"Setxattr n{node} {name.ToString()}={Text(value)} flags={flags} extra={(uint)extraFlags}");

    public override Errno Getxattr(in RequestContext ctx, NodeId node, CString name, Span<byte> value, out int length)
    {
        length = 5;
        "value"u8.TryCopyTo(value);
        return Note($"Getxattr n{node} {name.ToString()} room={value.Length}");
    }

    public override Errno Listxattr(in RequestContext ctx, NodeId node, Span<byte> list, out int length)
    {
        length = 7;
        "user.a\0"u8.TryCopyTo(list);
        return Note($"Listxattr n{node} room={list.Length}");
    }

    public override Errno Removexattr(in RequestContext ctx, NodeId node, CString name) => Note($"Removexattr n{node} {name.ToString()}");

    public override Errno Open(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = s_open;
        return Note($"Open n{node} flags={request.Flags:x} open_flags={(uint)request.OpenFlags}");
    }

    public override Errno Release(in RequestContext ctx, NodeId node, in FuseReleaseIn request) =>
        Note($"Release n{node} fh={request.Fh} flags={request.Flags:x} release_flags={(uint)request.ReleaseFlags} owner={request.LockOwner}");

    public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count)
    {
        "data"u8.CopyTo(data);
        count = 4;
        return Note($"Read n{node} fh={request.Fh} {request.Offset}+{data.Length} flags={(uint)request.ReadFlags} owner={request.LockOwner}");
    }

    public override Errno Write(in RequestContext ctx, NodeId node, in FuseWriteIn request, ReadOnlySpan<byte> data, out int count)
    {
        count = data.Length;
        return Note($"Write n{node} fh={request.Fh} {request.Offset}+{Text(data)} flags={(uint)request.WriteFlags} owner={request.LockOwner}");
    }

    public override Errno Flush(in RequestContext ctx, NodeId node, in FuseFlushIn request) =>
        Note($"Flush n{node} fh={request.Fh} owner={request.LockOwner}");

    public override Errno Fsync(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags) =>
        Note($"Fsync n{node} fh={fh} flags={(uint)flags}");

    public override Errno Fallocate(in RequestContext ctx, NodeId node, in FuseFallocateIn request) =>
        Note($"Fallocate n{node} fh={request.Fh} {request.Offset}+{request.Length} mode={request.Mode}");

    public override Errno Lseek(in RequestContext ctx, NodeId node, in FuseLseekIn request, out ulong offset)
    {
        offset = 0x1234;
        return Note($"Lseek n{node} fh={request.Fh} {request.Offset} whence={request.Whence}");
    }

    public override Errno CopyFileRange(in RequestContext ctx, NodeId node, in FuseCopyFileRangeIn request, out ulong copied)
    {
        copied = request.Len;
        return Note(
            $"CopyFileRange n{node} fh={request.FhIn} @{request.OffIn} -> n{request.NodeIdOut} fh={request.FhOut} @{request.OffOut} len={request.Len}");
    }

    public override Errno Ioctl(
        in RequestContext ctx, NodeId node, in FuseIoctlIn request, ReadOnlySpan<byte> input, Span<byte> output, out int result, out int length)
    {
        "out"u8.CopyTo(output);
        (result, length) = (9, 3);
        return Note($"Ioctl n{node} fh={request.Fh} cmd={request.Cmd:x} arg={request.Arg:x} flags={(uint)request.Flags} {Text(input)} room={output.Length}");
    }

    public override Errno Poll(in RequestContext ctx, NodeId node, in FusePollIn request, out uint revents)
    {
        revents = 4;
        return Note($"Poll n{node} fh={request.Fh} kh={request.Kh} flags={(uint)request.Flags} events={request.Events}");
    }

    public override Errno Bmap(in RequestContext ctx, NodeId node, ulong block, uint blockSize, out ulong deviceBlock)
    {
        deviceBlock = 0x99;
        return Note($"Bmap n{node} {block} of {blockSize}");
    }

    public override Errno Setupmapping(in RequestContext ctx, NodeId node, in FuseSetupmappingIn request) =>
        Note($"Setupmapping n{node} fh={request.Fh} {request.FOffset}+{request.Len} flags={request.Flags} at {request.MOffset}");

    public override Errno Removemapping(in RequestContext ctx, NodeId node, in FuseRemovemappingOne mapping) =>
        Note($"Removemapping n{node} {mapping.MOffset}+{mapping.Len}");

    public override Errno Opendir(in RequestContext ctx, NodeId node, in FuseOpenIn request, out FuseOpenOut open)
    {
        open = s_open;
        return Note($"Opendir n{node} flags={request.Flags:x}");
    }

    public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
    {
        Assert.True(entries.TryAdd("name"u8, 0x0101, 0x0202, 8));
        Assert.False(entries.TryAdd("too long for what is left"u8, 1, 2, 8));
        return Note($"Readdir n{node} fh={request.Fh} from {request.Offset} room={request.Size}");
    }

    public override Errno Readdirplus(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryPlusWriter entries)
    {
        Assert.True(entries.TryAdd(s_entry, "name"u8, 0x0101, 0x0202, 8));
        Assert.False(entries.TryAdd(s_entry, "n"u8, 1, 2, 8));
        return Note($"Readdirplus n{node} fh={request.Fh} from {request.Offset} room={request.Size}");
    }

    public override Errno Releasedir(in RequestContext ctx, NodeId node, in FuseReleaseIn request) =>
        Note($"Releasedir n{node} fh={request.Fh} flags={request.Flags:x}");

    public override Errno Fsyncdir(in RequestContext ctx, NodeId node, FileHandle fh, FuseFsyncFlags flags) =>
        Note($"Fsyncdir n{node} fh={fh} flags={(uint)flags}");

    public override Errno Getlk(in RequestContext ctx, NodeId node, in FuseLkIn request, out FuseFileLock found)
    {
        found = new FuseFileLock { Start = 1, End = 2, Type = 1, Pid = 3 };
        return Note($"Getlk n{node} {Lock(request)}");
    }

    public override Errno Setlk(in RequestContext ctx, NodeId node, in FuseLkIn request, bool wait) =>
        Note($"Setlk n{node} {Lock(request)} wait={wait}");

    private static string Lock(in FuseLkIn request) =>
        $"fh={request.Fh} owner={request.Owner} {request.Lk.Start}-{request.Lk.End} type={request.Lk.Type} pid={request.Lk.Pid} flags={(uint)request.LkFlags}";

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);

    private static string Extensions(in RequestContext ctx)
    {
        string text = string.Empty;
        for (int i = 0; i < ctx.Groups.Count; i++)
        {
            text += $" group={ctx.Groups[i]}";
        }

        return ctx.SecurityContext.IsPresent ? $"{text} {ctx.SecurityContext.Name.ToString()}={Text(ctx.SecurityContext.Label)}" : text;
    }

    private Errno Note(string call)
    {
        Calls.Add(call);
        return Errno.None;
    }
}
