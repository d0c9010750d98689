namespace MountHelper.FuserviceMount;

/// <summary>
/// The name this program was called by. mount(8) and umount(8) find helpers by name, and the name is then the only place where the
/// type stands: mount.fuse.TYPE, mount.fuseblk.TYPE, umount.fuse.TYPE, umount.fuseblk.TYPE.
/// </summary>
internal readonly record struct HelperName(InvocationKind Kind, ServiceType? Type)
{
    public static HelperName Parse(ReadOnlySpan<byte> argv0)
    {
        ReadOnlySpan<byte> name = argv0[(argv0.LastIndexOf((byte)'/') + 1)..];
        if (TryStrip(name, "mount."u8, out ReadOnlySpan<byte> type))
        {
            return new HelperName(InvocationKind.Mount, ServiceType.Parse(type));
        }

        return TryStrip(name, "umount."u8, out type)
            ? new HelperName(InvocationKind.Unmount, ServiceType.Parse(type))
            : new HelperName(InvocationKind.Mount, null);
    }

    private static bool TryStrip(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> type)
    {
        type = default;
        if (!name.StartsWith(prefix))
        {
            return false;
        }

        type = name[prefix.Length..];
        return type.StartsWith("fuse."u8) || type.StartsWith("fuseblk."u8);
    }
}
