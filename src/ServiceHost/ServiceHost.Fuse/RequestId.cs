using System.Globalization;

namespace ServiceHost.Fuse;

/// <summary>The kernel's number of a request (unique). Its outermost bits are marks, the rest identifies.</summary>
public readonly record struct RequestId(ulong Value)
{
    private const ulong InterruptMark = 1;
    private const ulong ResendMark = 1UL << 63;

    /// <summary>FUSE_UNIQUE_RESEND: an earlier reader of the device may have carried this request out already.</summary>
    public bool IsResend => (Value & ResendMark) != 0;

    /// <summary>The number without its marks: the same for a request, its resent copy and its interrupt.</summary>
    public ulong Key => Value & ~(InterruptMark | ResendMark);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
