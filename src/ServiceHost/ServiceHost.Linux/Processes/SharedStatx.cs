namespace ServiceHost.Linux;

/// <summary>
/// Room for results that a forked child writes and its parent reads: one page that both of them share. The child of a
/// <see cref="ChildProgram"/> can give back nothing else but an errno.
/// </summary>
public sealed unsafe class SharedStatx : IDisposable
{
    public const int Capacity = 16;

    private const int Length = 4096;
    private const int PROT_READ_WRITE = 3;
    private const int MAP_SHARED_ANONYMOUS = 0x21;

    private Statx* _page;

    private SharedStatx(Statx* page) => _page = page;

    public static Errno Create(out SharedStatx? shared)
    {
        long address = SystemCall.Call(SystemCallNumber.Mmap, 0, Length, PROT_READ_WRITE, MAP_SHARED_ANONYMOUS, -1, 0);
        Errno errno = Errno.Of(address);
        shared = errno.IsOk ? new SharedStatx((Statx*)address) : null;
        return errno;
    }

    /// <summary>All zero until the child has filled it.</summary>
    public Statx this[int index] => *At(index);

    internal Statx* At(int index)
    {
        ObjectDisposedException.ThrowIf(_page is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Capacity);
        return _page + index;
    }

    public void Dispose()
    {
        if (_page is not null)
        {
            SystemCall.Call(SystemCallNumber.Munmap, (nint)_page, Length);
            _page = null;
        }
    }
}
