namespace ServiceHost.Linux;

/// <summary>
/// The path "." at an address that is known to a system call filter, in a page that nobody can write. A filter sees the address of a path and not
/// what lies there; this address it can tell from all others. A call that names "." below a descriptor works for directories alone (ENOTDIR), so it
/// can be allowed what must not happen to files.
/// <para>That holds as long as the page stays: the filter has to refuse every call that unmaps, moves, replaces or changes memory this low.</para>
/// </summary>
public sealed unsafe class FixedDot
{
    /// <summary>Above vm.mmap_min_addr, and far below whatever the kernel, the loader and the C library choose for themselves.</summary>
    public const ulong Address = 0x1000_0000;

    private const int PageSize = 4096;
    private const int PROT_READ = 1;
    private const int PROT_READ_WRITE = 3;
    private const int MAP_PRIVATE_ANONYMOUS = 0x22;
    private const int MAP_FIXED_NOREPLACE = 0x10_0000;

    private readonly byte* _text;

    private FixedDot(byte* text) => _text = text;

    /// <summary>To be passed on as it is: a copy would lie elsewhere.</summary>
    public CString Path => CString.FromTerminated(new ReadOnlySpan<byte>(_text, 2));

    /// <summary>Once in a process, before the filter is loaded. EEXIST when something lies there already.</summary>
    public static Errno Map(out FixedDot? dot)
    {
        dot = null;
        Errno errno = Errno.Of(SystemCall.Call(
            SystemCallNumber.Mmap, (nint)Address, PageSize, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1));
        if (errno.IsError)
        {
            return errno;
        }

        byte* text = (byte*)Address;
        *text = (byte)'.';
        errno = Errno.Of(SystemCall.Call(SystemCallNumber.Mprotect, (nint)Address, PageSize, PROT_READ));
        dot = errno.IsOk ? new FixedDot(text) : null;
        return errno;
    }
}
