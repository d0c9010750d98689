using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct flock (64 bit) with offsets from the start of the file. A length of 0 means: to the end, wherever it moves.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileRangeLock(LockType type, long start, long length)
{
    public LockType Type = type;

    /// <summary>SEEK_SET.</summary>
    private readonly short _whence = 0;
    public long Start = start;
    public long Length = length;

    /// <summary>-1 in an answer means that an open file description, not a process, holds the lock.</summary>
    public int Pid = 0;
    private readonly int _padding = 0;
}
