using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct io_uring_params: what is asked for, and where in the mappings the kernel has put what.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
internal struct RingParameters
{
    public uint SubmissionEntries;
    public uint CompletionEntries;
    public uint Flags;
    public uint PollThreadCpu;
    public uint PollThreadIdle;
    public uint Features;
    public uint WorkQueue;
    public uint Reserved1;
    public uint Reserved2;
    public uint Reserved3;
    public RingOffsets Submission;
    public RingOffsets Completion;
}
