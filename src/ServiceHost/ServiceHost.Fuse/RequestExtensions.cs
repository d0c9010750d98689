using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServiceHost.Linux;

namespace ServiceHost.Fuse;

/// <summary>The extension area behind a creating request: 8-byte aligned records of {size, type}, see struct fuse_ext_header.</summary>
internal readonly ref struct RequestExtensions
{
    private const int HeaderSize = 8;
    private const uint MaxSecurityContexts = 31;
    private const uint GroupsType = 32;
    private const int MaxGroups = 65536;

    private RequestExtensions(SupplementaryGroups groups, SecurityContext securityContext)
    {
        Groups = groups;
        SecurityContext = securityContext;
    }

    public SupplementaryGroups Groups { get; }

    public SecurityContext SecurityContext { get; }

    /// <summary>False when a record's size, count or name does not fit the area. A record of unknown type is skipped.</summary>
    public static bool TryParse(ReadOnlySpan<byte> area, out RequestExtensions extensions)
    {
        SupplementaryGroups groups = default;
        SecurityContext context = default;
        extensions = default;
        while (!area.IsEmpty)
        {
            if (!TryTakeRecord(ref area, out uint type, out ReadOnlySpan<byte> body))
            {
                return false;
            }

            bool ok = type switch
            {
                <= MaxSecurityContexts => TryParseContexts(body, type, ref context),
                GroupsType => TryParseGroups(body, ref groups),
                _ => true,
            };
            if (!ok)
            {
                return false;
            }
        }

        extensions = new RequestExtensions(groups, context);
        return true;
    }

    private static bool TryTakeRecord(scoped ref ReadOnlySpan<byte> area, out uint type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        if (!MemoryMarshal.TryRead(area, out FuseExtHeader header) || header.Size < HeaderSize || header.Size > area.Length)
        {
            return false;
        }

        int aligned = ((int)header.Size + 7) & ~7;
        if (aligned > area.Length)
        {
            return false;
        }

        type = header.Type;
        body = area[HeaderSize..(int)header.Size];
        area = area[aligned..];
        return true;
    }

    // For security contexts the second word of the record is their number. The protocol allows several; kernels send one, and
    // the first is the one that counts.
    private static bool TryParseContexts(ReadOnlySpan<byte> body, uint count, ref SecurityContext first)
    {
        for (uint i = 0; i < count; i++)
        {
            if (!TryTakeContext(ref body, out SecurityContext context))
            {
                return false;
            }

            if (!first.IsPresent)
            {
                first = context;
            }
        }

        return true;
    }

    private static bool TryTakeContext(scoped ref ReadOnlySpan<byte> body, out SecurityContext context)
    {
        context = default;
        int headSize = Unsafe.SizeOf<FuseSecctx>();
        if (!MemoryMarshal.TryRead(body, out FuseSecctx head) || head.Size > body.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = body[headSize..];
        int nul = rest.IndexOf((byte)0);
        if (nul <= 0 || head.Size > rest.Length - nul - 1 || !CString.TryCreate(rest[..(nul + 1)], out CString name))
        {
            return false;
        }

        context = new SecurityContext(name, rest.Slice(nul + 1, (int)head.Size));
        int used = headSize + nul + 1 + (int)head.Size;
        body = body[Math.Min((used + 7) & ~7, body.Length)..];
        return true;
    }

    private static bool TryParseGroups(ReadOnlySpan<byte> body, ref SupplementaryGroups groups)
    {
        if (!MemoryMarshal.TryRead(body, out FuseSuppGroups head) || head.NrGroups > MaxGroups)
        {
            return false;
        }

        ReadOnlySpan<byte> ids = body[Unsafe.SizeOf<FuseSuppGroups>()..];
        int size = (int)head.NrGroups * sizeof(uint);
        if (size > ids.Length)
        {
            return false;
        }

        groups = new SupplementaryGroups(ids[..size]);
        return true;
    }
}
