using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_copy_file_range_out. Reply to COPY_FILE_RANGE_64.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseCopyFileRangeOut
{
    public ulong BytesCopied;
}
