namespace ServiceHost.Fuse;

/// <summary>INIT: what the kernel offers and what the server wants become what is in effect.</summary>
internal static class FuseNegotiation
{
    private const int MinTransfer = 4096;
    private const int MaxXattrSize = 65536;

    // Room for a SETXATTR of the largest value and for the longest pair of names, also when MaxTransfer is small.
    private const int MinRequestBuffer = 2 * MaxXattrSize;

    private static int PageSize => Environment.SystemPageSize;

    /// <summary>Null, with a sentence for the log, when there is no common ground.</summary>
    public static FuseConnection? Negotiate(FuseInitOptions options, in FuseInitIn request, out string refusal)
    {
        FuseInitFlags offered = OfferedBy(request);
        FuseInitFlags missing = options.Required & ~offered;
        if (request.Major != FuseProtocol.Major || request.Minor < FuseProtocol.OldestMinor)
        {
            refusal = $"the kernel speaks FUSE {request.Major}.{request.Minor}, needed is {FuseProtocol.Major}.{FuseProtocol.OldestMinor} or newer";
            return null;
        }

        if (missing != 0)
        {
            refusal = $"the kernel's FUSE {request.Major}.{request.Minor} lacks {missing}";
            return null;
        }

        refusal = string.Empty;
        return Agree(options, request, offered, FlagsFor(options, offered));
    }

    public static FuseInitOut Answer(FuseConnection connection) => new()
    {
        Major = FuseProtocol.Major,
        Minor = connection.Minor,
        MaxReadahead = connection.MaxReadahead,
        Flags = (uint)connection.Flags,
        Flags2 = (uint)((ulong)connection.Flags >> 32),
        MaxBackground = connection.MaxBackground,
        CongestionThreshold = connection.CongestionThreshold,
        MaxWrite = connection.MaxWrite,
        TimeGran = connection.TimeGranularity,
        MaxPages = connection.MaxPages,
        MaxStackDepth = connection.MaxStackDepth,
        RequestTimeout = connection.RequestTimeout,
    };

    /// <summary>Upper bound, known before INIT, of what any reply holds behind its header.</summary>
    public static int MaxReply(FuseInitOptions options) =>
        Math.Max(Math.Max(RoundUpToPage(options.MaxTransfer), FuseProtocol.DefaultMaxPages * PageSize), MaxXattrSize);

    /// <summary>Upper bound, known before INIT, of a request; not less than the kernel wants to see at a read.</summary>
    public static int RequestBufferSize(FuseInitOptions options) =>
        Math.Max(RoundUpToPage(FuseProtocol.WriteHead + RoundUpToPage(options.MaxTransfer)), MinRequestBuffer);

    private static FuseConnection Agree(FuseInitOptions options, in FuseInitIn request, FuseInitFlags offered, FuseInitFlags flags)
    {
        bool hasMaxPages = (flags & FuseInitFlags.MaxPages) != 0;
        int pages = hasMaxPages ? RoundUpToPage(options.MaxTransfer) / PageSize : FuseProtocol.DefaultMaxPages;
        return new FuseConnection
        {
            KernelMinor = request.Minor,
            Minor = Math.Min(request.Minor, FuseProtocol.Minor),
            Offered = offered,
            Flags = flags,
            MaxWrite = (uint)Math.Max(MinTransfer, Math.Min(options.MaxTransfer, pages * PageSize)),
            MaxReply = Math.Max(pages * PageSize, MaxXattrSize),
            MaxPages = (ushort)pages,
            MaxReadahead = Math.Min(request.MaxReadahead, options.MaxReadahead),
            MaxBackground = options.MaxBackground,
            CongestionThreshold = options.CongestionThreshold != 0 ? options.CongestionThreshold : (ushort)(options.MaxBackground * 3 / 4),
            TimeGranularity = options.TimeGranularity,
            MaxStackDepth = (flags & FuseInitFlags.Passthrough) != 0 ? options.MaxStackDepth : 0,
            RequestTimeout = (flags & FuseInitFlags.RequestTimeout) != 0 ? options.RequestTimeout : (ushort)0,
        };
    }

    private static FuseInitFlags FlagsFor(FuseInitOptions options, FuseInitFlags offered)
    {
        FuseInitFlags wanted = options.Wanted | options.Required | FuseInitFlags.InitExt | FuseInitFlags.MaxPages;
        if (options.RequestTimeout != 0)
        {
            wanted |= FuseInitFlags.RequestTimeout;
        }

        FuseInitFlags flags = wanted & offered & ~FuseInitFlags.InitReserved;

        // The kernel ends the connection over ALLOW_IDMAP on a mount whose permissions it does not check itself.
        if (!options.DefaultPermissions && (flags & FuseInitFlags.PosixAcl) == 0)
        {
            flags &= ~FuseInitFlags.AllowIdmap;
        }

        // AUTO needs the flag it refines, also when the kernel does not offer that one.
        return (flags & FuseInitFlags.DoReaddirplus) == 0 ? flags & ~FuseInitFlags.ReaddirplusAuto : flags;
    }

    // Without INIT_EXT the second word is not there, whatever its bytes are.
    private static FuseInitFlags OfferedBy(in FuseInitIn request)
    {
        FuseInitFlags low = (FuseInitFlags)request.Flags;
        return (low & FuseInitFlags.InitExt) != 0 ? low | (FuseInitFlags)((ulong)request.Flags2 << 32) : low;
    }

    private static int RoundUpToPage(int size) => (size + PageSize - 1) / PageSize * PageSize;
}
