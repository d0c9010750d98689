using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>A part of a ring, mapped (mmap(2)) for as long as this object lives.</summary>
internal sealed class RingMapping : SafeHandle
{
    private const int PROT_READ_WRITE = 3;
    private const int MAP_SHARED_POPULATE = 0x1 | 0x8000;

    private readonly nint _length;

    private RingMapping(nint length)
        : base(-1, ownsHandle: true) => _length = length;

    public override bool IsInvalid => handle is -1 or 0;

    public nint Address => handle;

    public static Errno Create(Fd ring, long offset, nint length, out RingMapping mapping)
    {
        mapping = new RingMapping(length);
        nint address = (nint)SystemCall.Call(
            SystemCallNumber.Mmap, 0, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, ring.Number, (nint)offset);
        Errno errno = Errno.Of(address);
        mapping.SetHandle(address);
        return errno;
    }

    protected override bool ReleaseHandle() => SystemCall.Call(SystemCallNumber.Munmap, handle, _length) == 0;
}
