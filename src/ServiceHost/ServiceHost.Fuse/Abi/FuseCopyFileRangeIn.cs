using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_copy_file_range_in. COPY_FILE_RANGE and COPY_FILE_RANGE_64.</summary>
[StructLayout(LayoutKind.Sequential, Size = 56)]
public struct FuseCopyFileRangeIn
{
    public FileHandle FhIn;
    public ulong OffIn;
    public NodeId NodeIdOut;
    public FileHandle FhOut;
    public ulong OffOut;
    public ulong Len;
    public ulong Flags;
}
