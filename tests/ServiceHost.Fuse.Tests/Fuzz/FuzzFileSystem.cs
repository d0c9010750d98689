using ServiceHost.Linux;

namespace ServiceHost.Fuse.Tests.Fuzz;

/// <summary>
/// Adds up every byte that it is given and fills every byte that it may write, so that a byte from outside of the packet shows in the sum and
/// a byte outside of the reply shows in the guard.
/// </summary>
internal sealed class FuzzFileSystem : FuseFileSystem
{
    public HashCode Seen { get; private set; }

    public void Reset() => Seen = default;

    public override void Forget(in RequestContext ctx, NodeId node, ulong nlookup) => See(ctx, node.Value, nlookup);

    public override Errno Lookup(in RequestContext ctx, NodeId parent, CString name, out FuseEntryOut entry)
    {
        entry = default;
        return See(ctx, name.Bytes);
    }

    public override Errno Readlink(in RequestContext ctx, NodeId node, Span<byte> target, out int length) => Fill(ctx, target, out length);

    public override Errno Symlink(in RequestContext ctx, NodeId parent, CString name, CString target, out FuseEntryOut entry)
    {
        entry = default;
        See(ctx, target.Bytes);
        return See(ctx, name.Bytes);
    }

    public override Errno Mknod(in RequestContext ctx, NodeId parent, in FuseMknodIn request, CString name, out FuseEntryOut entry)
    {
        entry = default;
        See(ctx, request.Mode, request.Rdev);
        return See(ctx, name.Bytes);
    }

    public override Errno Mkdir(in RequestContext ctx, NodeId parent, in FuseMkdirIn request, CString name, out FuseEntryOut entry)
    {
        entry = default;
        return See(ctx, name.Bytes);
    }

    public override Errno Create(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, CString name, out FuseEntryOut entry, out FuseOpenOut open)
    {
        (entry, open) = (default, default);
        return See(ctx, name.Bytes);
    }

    public override Errno Tmpfile(
        in RequestContext ctx, NodeId parent, in FuseCreateIn request, out FuseEntryOut entry, out FuseOpenOut open)
    {
        (entry, open) = (default, default);
        return See(ctx, request.Flags, request.Mode);
    }

    public override Errno Rename(
        in RequestContext ctx, NodeId parent, CString name, NodeId newParent, CString newName, RenameFlags flags)
    {
        See(ctx, newName.Bytes);
        return See(ctx, name.Bytes);
    }

    public override Errno Setattr(in RequestContext ctx, NodeId node, in FuseSetattrIn request, out FuseAttrOut attr)
    {
        attr = default;
        return See(ctx, request.Size, request.Gid);
    }

    public override Errno Setxattr(
        in RequestContext ctx, NodeId node, CString name, ReadOnlySpan<byte> value, uint flags, FuseSetxattrFlags extraFlags)
    {
        See(ctx, value);
        return See(ctx, name.Bytes);
    }

    public override Errno Getxattr(in RequestContext ctx, NodeId node, CString name, Span<byte> value, out int length)
    {
        See(ctx, name.Bytes);
        return Fill(ctx, value, out length);
    }

    public override Errno Listxattr(in RequestContext ctx, NodeId node, Span<byte> list, out int length) => Fill(ctx, list, out length);

    public override Errno Read(in RequestContext ctx, NodeId node, in FuseReadIn request, Span<byte> data, out int count) =>
        Fill(ctx, data, out count);

    public override Errno Write(in RequestContext ctx, NodeId node, in FuseWriteIn request, ReadOnlySpan<byte> data, out int count)
    {
        count = data.Length;
        return See(ctx, data);
    }

    public override Errno Ioctl(
        in RequestContext ctx, NodeId node, in FuseIoctlIn request, ReadOnlySpan<byte> input, Span<byte> output, out int result, out int length)
    {
        result = 0;
        See(ctx, input);
        return Fill(ctx, output, out length);
    }

    public override Errno Readdir(in RequestContext ctx, NodeId node, in FuseReadIn request, ref DirEntryWriter entries)
    {
        ulong offset = 0;
        while (entries.TryAdd("entry of some length"u8, 1, ++offset, 8))
        {
        }

        return See(ctx, request.Offset, request.Size);
    }

    public override Errno Removemapping(in RequestContext ctx, NodeId node, in FuseRemovemappingOne mapping) => See(ctx, mapping.MOffset, mapping.Len);

    public override Errno Setlk(in RequestContext ctx, NodeId node, in FuseLkIn request, bool wait)
    {
        if (wait)
        {
            ctx.Defer();
        }

        return See(ctx, request.Lk.Start, request.Lk.End);
    }

    private Errno See(in RequestContext ctx, ulong first, ulong second)
    {
        HashCode seen = Seen;
        seen.Add(ctx.Unique);
        seen.Add(ctx.Uid);
        seen.Add(first);
        seen.Add(second);
        seen.Add(ctx.IsInterrupted);
        for (int i = 0; i < ctx.Groups.Count; i++)
        {
            seen.Add(ctx.Groups[i]);
        }

        seen.AddBytes(ctx.SecurityContext.Label);
        seen.AddBytes(ctx.SecurityContext.Name.Bytes);
        Seen = seen;
        return Errno.None;
    }

    private Errno See(in RequestContext ctx, ReadOnlySpan<byte> bytes)
    {
        HashCode seen = Seen;
        seen.AddBytes(bytes);
        Seen = seen;
        return See(ctx, (ulong)bytes.Length, 0);
    }

    private Errno Fill(in RequestContext ctx, Span<byte> room, out int length)
    {
        room.Fill(0x5A);
        length = room.Length;
        return See(ctx, (ulong)length, 0);
    }
}
