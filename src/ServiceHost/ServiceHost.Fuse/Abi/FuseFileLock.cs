using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_file_lock. One byte range lock; End is inclusive, <see cref="long.MaxValue"/> means to the end of the file.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
public struct FuseFileLock
{
    public ulong Start;
    public ulong End;
    public uint Type;
    public uint Pid;
}
