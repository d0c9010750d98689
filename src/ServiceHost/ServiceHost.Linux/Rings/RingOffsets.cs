using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct io_sqring_offsets and io_cqring_offsets, which differ in the last words only.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct RingOffsets
{
    public uint Head;
    public uint Tail;
    public uint Mask;
    public uint Entries;

    /// <summary>Submission: flags. Completion: overflow.</summary>
    public uint Word4;

    /// <summary>Submission: dropped. Completion: where the completions are.</summary>
    public uint Word5;

    /// <summary>Submission: where the index array is. Completion: flags.</summary>
    public uint Word6;
    public uint Reserved;
    public ulong UserAddress;
}
