using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Passthrough.Tests;

// The operations that tests send often, in short form. Those that return a structure fail the test when the operation does.
internal sealed partial class TestKernel
{
    public FuseEntryOut Lookup(NodeId parent, string name)
    {
        Assert.Equal(Errno.None, TryLookup(parent, name));
        return Read<FuseEntryOut>();
    }

    public Errno TryLookup(NodeId parent, string name) => Call(FuseOpcode.Lookup, parent, default(Nothing), Encoding.UTF8.GetBytes(name));

    public void Forget(NodeId node, ulong nlookup = 1)
    {
        Call(FuseOpcode.Forget, node, new FuseForgetIn { Nlookup = nlookup });
        Assert.True(WasDeferred, "FORGET is not answered");
    }

    public FuseAttr Getattr(NodeId node)
    {
        Assert.Equal(Errno.None, Call(FuseOpcode.Getattr, node, default(FuseGetattrIn)));
        return Read<FuseAttrOut>().Attr;
    }

    public Errno TryGetattr(NodeId node) => Call(FuseOpcode.Getattr, node, default(FuseGetattrIn));

    public FuseAttr Setattr(NodeId node, FuseSetattrIn request)
    {
        Assert.Equal(Errno.None, Call(FuseOpcode.Setattr, node, request));
        return Read<FuseAttrOut>().Attr;
    }

    public (FuseEntryOut Entry, FileHandle Fh) Create(NodeId parent, string name, uint mode = 0x1A4, OpenFlags flags = OpenFlags.ReadWrite)
    {
        Assert.Equal(Errno.None, TryCreate(parent, name, mode, flags));
        FuseOpenOut open = MemoryMarshal.Read<FuseOpenOut>(Reply[Unsafe.SizeOf<FuseEntryOut>()..]);
        return (Read<FuseEntryOut>(), open.Fh);
    }

    public Errno TryCreate(NodeId parent, string name, uint mode = 0x1A4, OpenFlags flags = OpenFlags.ReadWrite) =>
        Call(
            FuseOpcode.Create,
            parent,
            new FuseCreateIn { Mode = mode | (uint)ModeBits.Regular, Flags = (uint)flags },
            Encoding.UTF8.GetBytes(name));

    public FuseEntryOut Mkdir(NodeId parent, string name, uint mode = 0x1ED)
    {
        Assert.Equal(Errno.None, Call(FuseOpcode.Mkdir, parent, new FuseMkdirIn { Mode = mode }, Encoding.UTF8.GetBytes(name)));
        return Read<FuseEntryOut>();
    }

    public FileHandle Open(NodeId node, OpenFlags flags = OpenFlags.ReadOnly)
    {
        Assert.Equal(Errno.None, TryOpen(node, flags));
        return Read<FuseOpenOut>().Fh;
    }

    public Errno TryOpen(NodeId node, OpenFlags flags = OpenFlags.ReadOnly) =>
        Call(FuseOpcode.Open, node, new FuseOpenIn { Flags = (uint)flags });

    public FileHandle Opendir(NodeId node)
    {
        Assert.Equal(Errno.None, Call(FuseOpcode.Opendir, node, default(FuseOpenIn)));
        return Read<FuseOpenOut>().Fh;
    }

    public Errno Release(NodeId node, FileHandle fh) => Call(FuseOpcode.Release, node, new FuseReleaseIn { Fh = fh });

    public Errno Releasedir(NodeId node, FileHandle fh) => Call(FuseOpcode.Releasedir, node, new FuseReleaseIn { Fh = fh });

    public Errno Flush(NodeId node, FileHandle fh, ulong owner) =>
        Call(FuseOpcode.Flush, node, new FuseFlushIn { Fh = fh, LockOwner = new LockOwner(owner) });

    public Errno TryWrite(
        NodeId node, FileHandle fh, long offset, ReadOnlySpan<byte> data, OpenFlags flags = 0, FuseWriteFlags writeFlags = 0) =>
        CallWithData(
            FuseOpcode.Write,
            node,
            new FuseWriteIn { Fh = fh, Offset = (ulong)offset, Size = (uint)data.Length, Flags = (uint)flags, WriteFlags = writeFlags },
            data);

    public Errno TryRead(NodeId node, FileHandle fh, long offset, int size) =>
        Call(FuseOpcode.Read, node, new FuseReadIn { Fh = fh, Offset = (ulong)offset, Size = (uint)size });

    /// <summary>The names of one READDIR reply and the offset behind them.</summary>
    public (List<string> Names, ulong Next) Readdir(NodeId node, FileHandle fh, ulong offset, int size = 4096)
    {
        Assert.Equal(Errno.None, Call(FuseOpcode.Readdir, node, new FuseReadIn { Fh = fh, Offset = offset, Size = (uint)size }));
        List<string> names = [];
        for (int at = 0; at < ReplyLength;)
        {
            FuseDirent dirent = MemoryMarshal.Read<FuseDirent>(Reply[at..]);
            names.Add(Encoding.Latin1.GetString(Reply.Slice(at + 24, (int)dirent.NameLen)));
            offset = dirent.Off;
            at += (24 + (int)dirent.NameLen + 7) & ~7;
        }

        return (names, offset);
    }

    /// <summary>The entries of one READDIRPLUS reply.</summary>
    public List<(string Name, FuseEntryOut Entry)> Readdirplus(NodeId node, FileHandle fh, ulong offset, int size = 4096)
    {
        Assert.Equal(Errno.None, Call(FuseOpcode.Readdirplus, node, new FuseReadIn { Fh = fh, Offset = offset, Size = (uint)size }));
        List<(string Name, FuseEntryOut Entry)> entries = [];
        for (int at = 0; at < ReplyLength;)
        {
            FuseEntryOut entry = MemoryMarshal.Read<FuseEntryOut>(Reply[at..]);
            FuseDirent dirent = MemoryMarshal.Read<FuseDirent>(Reply[(at + 128)..]);
            entries.Add((Encoding.Latin1.GetString(Reply.Slice(at + 152, (int)dirent.NameLen)), entry));
            at += (152 + (int)dirent.NameLen + 7) & ~7;
        }

        return entries;
    }
}
