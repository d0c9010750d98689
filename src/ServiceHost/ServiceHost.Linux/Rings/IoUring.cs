using System.Runtime.CompilerServices;

namespace ServiceHost.Linux;

/// <summary>
/// An io_uring(7), made of system calls and shared memory. Submissions are added one by one and go to the kernel with
/// <see cref="Submit"/>; completions are taken one by one and copied out, so that nothing here leads into the mappings.
/// <para>One thread at a time. The kernel carries out what a thread has submitted in the context of that thread: a thread that ends
/// takes its unfinished submissions with it, and what a submission points at must live until its completion was taken.</para>
/// </summary>
public sealed unsafe partial class IoUring : IDisposable
{
    private const uint IORING_SETUP_CQSIZE = 1 << 3;
    private const uint IORING_SETUP_CLAMP = 1 << 4;
    private const uint IORING_SETUP_R_DISABLED = 1 << 6;
    private const uint IORING_SETUP_SUBMIT_ALL = 1 << 7;
    private const uint IORING_SETUP_COOP_TASKRUN = 1 << 8;
    private const uint IORING_SETUP_SQE128 = 1 << 10;
    private const uint IORING_FEAT_SINGLE_MMAP = 1;
    private const long IORING_OFF_SQ_RING = 0;
    private const long IORING_OFF_SQES = 0x1000_0000;
    private const int CompletionSize = 16;

    private readonly OwnedFd _fd;
    private readonly RingMapping _rings;
    private readonly RingMapping _entries;
    private readonly int _entrySize;

    private IoUring(OwnedFd fd, RingMapping rings, RingMapping entries, in RingParameters parameters)
    {
        (_fd, _rings, _entries) = (fd, rings, entries);
        _entrySize = EntrySize(parameters);
        byte* ring = (byte*)rings.Address;
        _submission = new SubmissionQueue(ring, parameters);
        _completion = new CompletionQueue(ring, parameters);
    }

    /// <summary>What /proc/self/fd shows; for a descriptor table that is checked.</summary>
    public int Number => _fd.Number;

    /// <summary>
    /// io_uring_setup(2). ENOSYS: no such kernel. EPERM: switched off (sysctl kernel.io_uring_disabled) or filtered. Without interrupts between
    /// processors (COOP_TASKRUN): a thread takes note of completions when it enters the kernel, and every user of a ring does.
    /// </summary>
    public static Errno Create(RingSetup setup, out IoUring? ring)
    {
        ring = null;
        RingParameters parameters = new()
        {
            Flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN
                | (setup.WideEntries ? IORING_SETUP_SQE128 : 0)
                | (setup.StartDisabled ? IORING_SETUP_R_DISABLED : 0),
            CompletionEntries = (uint)setup.Completions,
        };
        long number = SystemCall.Call(SystemCallNumber.IoUringSetup, setup.Submissions, (nint)(&parameters));
        Errno errno = Errno.Of(number);
        if (errno.IsError)
        {
            return errno;
        }

        OwnedFd fd = OwnedFd.Take((int)number);
        errno = Map(fd, parameters, out RingMapping? rings, out RingMapping? entries);
        if (errno.IsError)
        {
            fd.Dispose();
            rings?.Dispose();
            entries?.Dispose();
            return errno;
        }

        ring = new IoUring(fd, rings!, entries!, parameters);
        return Errno.None;
    }

    /// <summary>
    /// No thread may be using the ring. What was submitted by a thread that has not ended stays with the kernel until that thread ends.
    /// </summary>
    public void Dispose()
    {
        _submission = default;
        _completion = default;
        _rings.Dispose();
        _entries.Dispose();
        _fd.Dispose();
    }

    private static int EntrySize(in RingParameters parameters) =>
        (parameters.Flags & IORING_SETUP_SQE128) != 0
            ? SubmissionEntry.CommandOffset + SubmissionEntry.CommandSize
            : Unsafe.SizeOf<SubmissionEntry>();

    // Both rings are in one mapping since Linux 5.4, which every kernel with restrictions (5.10) is.
    private static Errno Map(OwnedFd fd, in RingParameters parameters, out RingMapping? rings, out RingMapping? entries)
    {
        (rings, entries) = (null, null);
        if ((parameters.Features & IORING_FEAT_SINGLE_MMAP) == 0)
        {
            return Errno.ENOSYS;
        }

        uint submissionsEnd = parameters.Submission.Word6 + (parameters.SubmissionEntries * sizeof(uint));
        uint completionsEnd = parameters.Completion.Word5 + (parameters.CompletionEntries * CompletionSize);
        Errno errno = RingMapping.Create(fd, IORING_OFF_SQ_RING, (nint)Math.Max(submissionsEnd, completionsEnd), out rings);
        return errno.IsError
            ? errno
            : RingMapping.Create(fd, IORING_OFF_SQES, (nint)parameters.SubmissionEntries * EntrySize(parameters), out entries);
    }
}
