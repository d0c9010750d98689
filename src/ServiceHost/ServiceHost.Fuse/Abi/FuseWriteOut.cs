using System.Runtime.InteropServices;

namespace ServiceHost.Fuse;

/// <summary>struct fuse_write_out. Reply to WRITE and COPY_FILE_RANGE.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FuseWriteOut
{
    public uint Size;
    public uint Padding;
}
