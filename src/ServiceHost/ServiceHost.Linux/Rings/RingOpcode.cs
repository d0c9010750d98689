namespace ServiceHost.Linux;

/// <summary>IORING_OP_*: what a submission asks for. Only what this library submits, and what a restricted ring is tried with.</summary>
public enum RingOpcode : byte
{
    Nop = 0,
    PollAdd = 6,
    Connect = 16,
    Openat = 18,
    Socket = 45,

    /// <summary>IORING_OP_URING_CMD: a command to the driver behind the descriptor.</summary>
    Command = 46,
}
