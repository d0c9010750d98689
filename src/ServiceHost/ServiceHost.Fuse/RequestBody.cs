using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>
/// A request taken apart as its <see cref="OpcodeInfo"/> says. <see cref="Parse"/> is the only place that looks at unchecked lengths: what it returns
/// lies inside the packet, and every byte of the packet is accounted for.
/// </summary>
internal ref struct RequestBody
{
    private ReadOnlySpan<byte> _fixed;

    public CString Name { get; private set; }

    public CString SecondName { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    public RequestExtensions Extensions { get; private set; }

    /// <summary>The structure behind the header. A shorter form of it reads as zero where it stops.</summary>
    public readonly T Fixed<T>()
        where T : unmanaged
    {
        T value = default;
        _fixed.CopyTo(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <summary>EINVAL for a packet of the wrong shape; ENAMETOOLONG and ERANGE for strings as system calls have it.</summary>
    public static Errno Parse(
        OpcodeInfo info, FuseConnection? connection, int extensionSize, scoped in RequestBytes bytes, out RequestBody body)
    {
        body = default;
        if (!bytes.TryTake(info.FixedSizeFor(connection), out ReadOnlySpan<byte> structure, out ReadOnlySpan<byte> rest))
        {
            return Errno.EINVAL;
        }

        body._fixed = structure;
        Errno errno = TakeExtensions(info, extensionSize, ref rest, out RequestExtensions extensions);
        body.Extensions = extensions;
        if (errno.IsError)
        {
            return errno;
        }

        errno = TakeName(info.FirstName, connection, ref rest, out CString name);
        body.Name = name;
        if (errno.IsOk)
        {
            errno = TakeName(info.SecondName, connection, ref rest, out name);
            body.SecondName = name;
        }

        body.Data = rest;
        return errno.IsOk && !rest.IsEmpty && !info.HasData ? Errno.EINVAL : errno;
    }

    private static Errno TakeExtensions(
        OpcodeInfo info, int size, scoped ref ReadOnlySpan<byte> rest, out RequestExtensions extensions)
    {
        extensions = default;
        if (size == 0)
        {
            return Errno.None;
        }

        if (!info.TakesExtensions || size > rest.Length || !RequestExtensions.TryParse(rest[^size..], out extensions))
        {
            return Errno.EINVAL;
        }

        rest = rest[..^size];
        return Errno.None;
    }

    private static Errno TakeName(NameRule rule, FuseConnection? connection, scoped ref ReadOnlySpan<byte> rest, out CString name)
    {
        name = default;
        if (rule == NameRule.None)
        {
            return Errno.None;
        }

        int nul = rest.IndexOf((byte)0);
        if (nul < 0 || !CString.TryCreate(rest[..(nul + 1)], out name))
        {
            return Errno.EINVAL;
        }

        rest = rest[(nul + 1)..];
        return rule switch
        {
            NameRule.Placeholder => Errno.None,
            _ when name.Length == 0 => Errno.EINVAL,
            NameRule.Xattr => name.Length > FuseProtocol.MaxXattrName ? Errno.ERANGE : Errno.None,
            NameRule.Target => name.Length > FuseProtocol.MaxSymlink ? Errno.ENAMETOOLONG : Errno.None,
            _ when name.Length > FuseProtocol.MaxName => Errno.ENAMETOOLONG,
            NameRule.Lookup when connection?.Has(FuseInitFlags.ExportSupport) == true => IsOneComponent(name),
            _ => name.Bytes is [(byte)'.'] or [(byte)'.', (byte)'.'] ? Errno.EINVAL : IsOneComponent(name),
        };
    }

    // The kernel has split the path; a '/' that came through to openat(2) would leave the directory.
    private static Errno IsOneComponent(CString name) => name.Bytes.Contains((byte)'/') ? Errno.EINVAL : Errno.None;
}
