using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>The kernel's word on one submission, as struct io_uring_cqe has it.</summary>
/// <param name="UserData">What the submission was given to be recognised by.</param>
/// <param name="Result">Not negative: the result, whatever that is for its operation. Negative: an errno.</param>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public readonly record struct RingCompletion(ulong UserData, int Result)
{
    public Errno Errno => new(Result < 0 ? -Result : 0);
}
