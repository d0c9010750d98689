using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

// io_uring_register(2): what can be taken away from a ring before it is used.
public sealed unsafe partial class IoUring
{
    private const int IORING_REGISTER_RESTRICTIONS = 11;
    private const int IORING_REGISTER_ENABLE_RINGS = 12;
    private const ushort IORING_RESTRICTION_SQE_OP = 1;
    private const int MaxAllowed = 16;

    /// <summary>
    /// Only for a ring that is disabled, and once: from <see cref="Enable"/> on every other operation completes with EACCES, no flag of a
    /// submission is allowed, and the ring takes no registration any more, so that nothing of this can be undone.
    /// </summary>
    public Errno Restrict(params ReadOnlySpan<RingOpcode> allowed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(allowed.Length, MaxAllowed);
        Restriction* restrictions = stackalloc Restriction[MaxAllowed];
        for (int i = 0; i < allowed.Length; i++)
        {
            restrictions[i] = new Restriction { Kind = IORING_RESTRICTION_SQE_OP, Value = (byte)allowed[i] };
        }

        return Register(IORING_REGISTER_RESTRICTIONS, (nint)restrictions, allowed.Length);
    }

    /// <summary>Lets a ring work that was made disabled.</summary>
    public Errno Enable() => Register(IORING_REGISTER_ENABLE_RINGS, 0, 0);

    private Errno Register(int operation, nint argument, int count) =>
        Errno.Of(SystemCall.Call(SystemCallNumber.IoUringRegister, _fd.Number, operation, argument, count));

    // struct io_uring_restriction.
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct Restriction
    {
        public ushort Kind;
        public byte Value;
    }
}
