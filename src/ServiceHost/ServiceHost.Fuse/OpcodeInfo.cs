using System.Runtime.CompilerServices;

namespace ServiceHost.Fuse;

/// <summary>
/// The shape of one kind of request and of its reply. The dispatcher checks every packet against it before any handler sees it; the trace, the
/// counters and the tests (which generate their malformed packets from it) read the same table.
/// </summary>
internal sealed partial class OpcodeInfo
{
    /// <summary>fuse_init_in up to flags: what every kernel sends. What newer ones append is read as data.</summary>
    public const int OldestInitSize = 16;

    private OpcodeInfo(FuseOpcode opcode, string name)
    {
        Opcode = opcode;
        Name = name;
    }

    public FuseOpcode Opcode { get; }

    /// <summary>The kernel's word without FUSE_.</summary>
    public string Name { get; }

    /// <summary>Size of the structure behind the request header.</summary>
    public int FixedSize { get; private init; }

    /// <summary>Size of that structure without SETXATTR_EXT; 0 when there is only one form.</summary>
    public int ShortSize { get; private init; }

    /// <summary>The strings behind the structure, in order.</summary>
    public NameRule FirstName { get; private init; }

    public NameRule SecondName { get; private init; }

    /// <summary>Whether bytes of a length that the structure tells follow; otherwise the packet ends there.</summary>
    public bool HasData { get; private init; }

    /// <summary>Whether an extension area may come last.</summary>
    public bool TakesExtensions { get; private init; }

    public ReplyKind Reply { get; private init; }

    /// <summary>For <see cref="ReplyKind.Fixed"/>: bytes behind the reply header.</summary>
    public int ReplySize { get; private init; }

    /// <summary>Number of opcodes from 0 on, gaps included: the length of tables indexed by opcode.</summary>
    public static int Count => s_table.Length;

    public static IEnumerable<OpcodeInfo> All => s_table.Where(info => info is not null)!;

    public bool IsAnswered => Reply != ReplyKind.Never;

    /// <summary>Null for a number that this library does not know.</summary>
    public static OpcodeInfo? Find(FuseOpcode opcode) => (uint)opcode < (uint)s_table.Length ? s_table[(int)opcode] : null;

    public int FixedSizeFor(FuseConnection? connection) =>
        ShortSize != 0 && connection?.Has(FuseInitFlags.SetxattrExt) != true ? ShortSize : FixedSize;

    private static int SizeOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();
}
