using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct statfs of 64-bit Linux (120 bytes).</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
public readonly struct StatfsBuffer
{
    public readonly long Type;
    public readonly long BlockSize;
    public readonly ulong Blocks;
    public readonly ulong BlocksFree;
    public readonly ulong BlocksAvailable;
    public readonly ulong Files;
    public readonly ulong FilesFree;
    public readonly ulong FilesystemId;
    public readonly long NameLength;
    public readonly long FragmentSize;
    public readonly long Flags;
}
