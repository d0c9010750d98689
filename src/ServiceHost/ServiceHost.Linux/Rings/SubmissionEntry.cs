using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// struct io_uring_sqe as far as both forms go: 64 bytes, of which the last 16 begin the command area of the wide form (IORING_SETUP_SQE128).
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct SubmissionEntry
{
    public const int CommandOffset = 48;
    public const int CommandSize = 80;

    public RingOpcode Opcode;
    public byte Flags;
    public ushort Priority;
    public int Fd;

    /// <summary>Also: the command of <see cref="RingOpcode.Command"/>.</summary>
    public ulong Offset;
    public ulong Address;
    public uint Length;

    /// <summary>The flags of the operation: events of a poll.</summary>
    public uint OperationFlags;
    public ulong UserData;
    public ushort BufferIndex;
    public ushort Personality;
    public int SpliceFd;
    public CommandStart Command;

    [InlineArray(16)]
    internal struct CommandStart
    {
        private byte _first;
    }
}
